// HttpClient: outgoing HTTP and HTTPS. Redirects are not followed, certificates are verified, proxies of the
// environment are not used, content encodings are not asked for.
//
// Thread: start() from any thread; it never blocks. The transfers live on a thread of the client's own, and answers are
//         posted to the executor that came with the request.
// Owns:   its thread, its connections (kept alive between requests), every request until it is answered.
// Bounds: FetchOptions; what is refused is refused at once, by start().
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "base/result.h"
#include "fetch/options.h"

namespace fanfare::fetch {

using Header = std::pair<std::string, std::string>;

struct Request {
  std::string method = "GET";
  std::string url{};  // http:// or https://
  std::vector<Header> headers{};
  std::string body{};
  std::optional<std::chrono::milliseconds> timeout{};  // instead of FetchOptions::request_timeout
};

struct Response {
  int status = 0;               // any: a 500 is an answer, not an Error
  std::vector<Header> headers;  // names in lower case, in their order
  std::string body;

  // The value of the first header with that (lower case) name; empty: none.
  std::string_view header(std::string_view name) const noexcept;
};

// What happens when no answer came. The messages name the server, never the URL's path, query or a header.
//   kUnavailable  nothing listens there, the connection broke, or the time was up
//   kTooLarge     the answer was above its bound
//   kInvalid      the request makes no sense: URL, method, a line break in a header
//   kForbidden    the server's certificate was not accepted
//   kIo           the rest: unknown host, a broken answer
//   kLimit        only from start(): too many requests are waiting
using OnAnswer = std::function<void(Result<Response>)>;

class HttpClient {
 public:
  explicit HttpClient(const FetchOptions& options = {});
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  // Gives up what is not answered yet: those answers are posted as kUnavailable before it returns.
  ~HttpClient();

  // `on_answer` is called once, by a task posted to `answer_to`, which outlives this client. When start() itself fails
  // it is never called.
  Status start(Request request, Executor& answer_to, OnAnswer on_answer);

 private:
  class Worker;
  std::unique_ptr<Worker> worker_;
};

// One request on a connection of its own, for programs without loops.
// Blocks: for at most the request's timeout; never on a loop.
Result<Response> fetch_blocking(const Request& request, const FetchOptions& options = {});

}  // namespace fanfare::fetch
