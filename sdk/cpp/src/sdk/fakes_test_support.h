// For the tests of the SDK: a transport that answers from a script, and delays that pass at once.
#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "fanfare/transport.h"
#include "sdk/delays.h"

namespace fanfare::sdk {

inline HttpResponse http_answer(int status, std::string body, Headers headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = std::move(body)};
}

inline Error lost(bool outcome_unknown = true) {
  return {.kind = ErrorKind::kUnavailable, .message = "lost", .outcome_unknown = outcome_unknown};
}

// Answers at once, in the order of the script; what has no answer left waits until it is stopped. Outlived by its Log.
class FakeTransport final : public Transport {
 public:
  struct Log {
    std::vector<HttpRequest> requests{};
    std::deque<Result<HttpResponse>> answers{};
  };

  explicit FakeTransport(Log& log) : log_(log) {}
  ~FakeTransport() override {
    for (OnAnswer& on_answer : waiting_) on_answer(Error{.kind = ErrorKind::kStopped});
  }

  void start(HttpRequest request, OnAnswer on_answer) override {
    log_.requests.push_back(std::move(request));
    if (log_.answers.empty()) {
      waiting_.push_back(std::move(on_answer));
      return;
    }
    Result<HttpResponse> answer = std::move(log_.answers.front());
    log_.answers.pop_front();
    on_answer(std::move(answer));
  }

  std::size_t waiting() const noexcept { return waiting_.size(); }
  void answer_first(Result<HttpResponse> answer) {
    OnAnswer on_answer = std::move(waiting_.front());
    waiting_.pop_front();
    on_answer(std::move(answer));
  }

 private:
  Log& log_;
  std::deque<OnAnswer> waiting_;
};

// Keeps what is to be done; a test lets it happen.
class FakeDelays final : public Delays {
 public:
  void after(std::chrono::milliseconds delay, Task task) override {
    delays.push_back(delay);
    if (is_immediate) return task(false);
    tasks.push_back(std::move(task));
  }
  void stop() override {
    for (Task& task : std::exchange(tasks, {})) task(true);
  }

  std::vector<std::chrono::milliseconds> delays;
  std::vector<Task> tasks;
  bool is_immediate = true;
};

}  // namespace fanfare::sdk
