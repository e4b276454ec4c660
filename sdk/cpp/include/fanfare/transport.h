// Transport: how requests reach the server. The library's own is libcurl with kept connections; another one can be
// given to Client::create(), for tests or for an HTTP stack that is there already.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fanfare/result.h"

namespace fanfare::sdk {

// Of a request or an answer, in their order, by name.
using Headers = std::vector<std::pair<std::string, std::string>>;

// What is to be sent.
struct HttpRequest {
  std::string method{};                  // GET or POST
  std::string url{};                     // whole, query and signature included
  Headers headers{};                     // without Host and Content-Length, which the transport adds
  std::string body{};                    // empty: none
  std::chrono::milliseconds timeout{0};  // from start() to the end of the answer
};

// What came.
struct HttpResponse {
  int status = 0;      // of HTTP, 200 for instance
  Headers headers{};   // names in lower case
  std::string body{};  // whole

  // The value of the first header with that (lower case) name; empty: none.
  std::string_view header(std::string_view name) const noexcept;
};

// Sends requests. Implement it for tests, or over an HTTP stack of your own.
class Transport {
 public:
  // Gets any answer, whatever its status; an error, where there was none.
  using OnAnswer = std::function<void(Result<HttpResponse>)>;

  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;
  // Calls what was not called yet, with kStopped, before it returns.
  virtual ~Transport() = default;

  // Sends `request` and calls `on_answer` once, from any thread, with any status. Called from any thread; never blocks.
  // Fails (through on_answer): kUnavailable, kTimeout, kTooLarge, kLimit, kStopped, kInvalid for a request that cannot
  // be sent. `outcome_unknown` is set unless it is certain that nothing was sent: what may be repeated hangs on it.
  virtual void start(HttpRequest request, OnAnswer on_answer) = 0;
};

}  // namespace fanfare::sdk
