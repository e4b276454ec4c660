// Caller: makes a signed call to the HTTP API, with the attempts that it takes.
//
// Thread: any; answers come on the threads of the transport and of the delays.
// Owns:   neither transport nor delays, which both are stopped (stop(), then their destruction) before it goes.
// Bounds: Options::pending_requests_max calls at a time, attempts_max attempts, total_timeout.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/clock.h"
#include "base/random.h"
#include "fanfare/client.h"
#include "fanfare/request_signature.h"
#include "fanfare/transport.h"
#include "sdk/delays.h"
#include "sdk/settings.h"

namespace fanfare::sdk {

struct Call {
  std::string method{};    // GET, POST
  std::string path{};      // whole, not percent-encoded: what is signed
  std::string url_path{};  // the same, percent-encoded
  Parameters parameters{};
  std::string body{};
  std::string idempotency_key{};  // empty: none
  bool is_repeatable = false;     // doing it twice is as doing it once
};

class Caller {
 public:
  using OnAnswer = std::function<void(Result<HttpResponse>)>;

  // All outlive it. `seed`: of the jitter.
  Caller(const Settings& settings, Transport& transport, Delays& delays, const Clock& clock, std::uint64_t seed);
  Caller(const Caller&) = delete;
  Caller& operator=(const Caller&) = delete;

  // Calls `on_answer` once: with an answer of status 2xx, or with the Error of the last attempt.
  void start(Call call, OnAnswer on_answer);
  // From now on nothing is sent any more.
  void stop() noexcept { is_stopping_ = true; }

  // Requests, retries and failures; publishes_skipped is not its business.
  ClientStats stats() const noexcept;
  // "api-eu.pusher.com:443": for messages.
  const std::string& server() const noexcept { return server_; }

 private:
  struct Running;

  void attempt(const std::shared_ptr<Running>& running);
  void take(const std::shared_ptr<Running>& running, Result<HttpResponse> result);
  void finish(Running& running, Result<HttpResponse> result);
  HttpRequest signed_request(const Call& call, std::chrono::milliseconds timeout) const;
  std::chrono::milliseconds random_delay(unsigned attempt, std::chrono::seconds retry_after);

  const Settings& settings_;
  Transport& transport_;
  Delays& delays_;
  const Clock& clock_;
  const Credentials credentials_;
  const std::string server_;
  std::atomic<bool> is_stopping_{false};
  std::atomic<std::size_t> pending_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> retries_{0};
  std::atomic<std::uint64_t> failures_{0};
  std::mutex random_mutex_;
  SeededRandom random_;
};

}  // namespace fanfare::sdk
