#include "sdk/curl_transport.h"

#include <algorithm>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "base/assert.h"
#include "sdk/curl_transfer.h"

namespace fanfare::sdk {
namespace {

using Time = std::chrono::steady_clock::time_point;

// Between two looks at the sockets when nothing happens; start() wakes the thread earlier.
constexpr std::chrono::milliseconds kPollMax{1'000};

struct Job {
  HttpRequest request;
  Transport::OnAnswer on_answer;
  Time deadline;
};

struct RunningJob {
  Transport::OnAnswer on_answer;
  std::unique_ptr<CurlTransfer> transfer;
};

struct FreeMulti {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

Error stopped(bool may_be_sent) {
  return {.kind = ErrorKind::kStopped,
          .message = "the client was destroyed before the answer came",
          .outcome_unknown = may_be_sent};
}

Error waited_too_long() {
  return {.kind = ErrorKind::kTimeout, .message = "the request waited for a free connection until its time was up"};
}

// `mutex_` guards waiting_ and is_stopping_; the rest belongs to the thread. Callbacks run without it.
class CurlTransport final : public Transport {
 public:
  explicit CurlTransport(const CurlOptions& options) : options_(options) {
    prepare_curl();
    multi_.reset(curl_multi_init());
    FANFARE_ASSERT(multi_ != nullptr);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, static_cast<long>(options_.connections_max));
  }

  ~CurlTransport() override {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    if (thread_.joinable()) {
      curl_multi_wakeup(multi_.get());
      thread_.join();
    }
  }

  void start(HttpRequest request, OnAnswer on_answer) override {
    const Time deadline = std::chrono::steady_clock::now() + request.timeout;
    {
      const std::lock_guard lock(mutex_);
      if (!is_stopping_) {
        // A program may make a client and never call: the thread begins with the first request.
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
        waiting_.push_back(Job{std::move(request), std::move(on_answer), deadline});
        curl_multi_wakeup(multi_.get());
        return;
      }
    }
    on_answer(stopped(false));
  }

 private:
  void run() {
    while (!is_stopping()) {
      give_up_expired();
      start_waiting();
      int still_running = 0;
      FANFARE_ASSERT(curl_multi_perform(multi_.get(), &still_running) == CURLM_OK);
      if (collect() > 0) continue;  // there is room for those that wait
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(poll_time().count()), nullptr);
    }
    stop_all();
  }

  bool is_stopping() {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
  }

  void give_up_expired() {
    std::deque<Job> expired;
    {
      const std::lock_guard lock(mutex_);
      const Time now = std::chrono::steady_clock::now();
      const auto first =
          std::stable_partition(waiting_.begin(), waiting_.end(), [now](const Job& job) { return job.deadline > now; });
      std::move(first, waiting_.end(), std::back_inserter(expired));
      waiting_.erase(first, waiting_.end());
    }
    for (Job& job : expired) job.on_answer(waited_too_long());
  }

  void start_waiting() {
    while (running_.size() < options_.connections_max) {
      Job job;
      {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty()) return;
        job = std::move(waiting_.front());
        waiting_.pop_front();
      }
      start_now(std::move(job));
    }
  }

  void start_now(Job job) {
    auto transfer = std::make_unique<CurlTransfer>(std::move(job.request), options_);
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(job.deadline - std::chrono::steady_clock::now());
    if (Status prepared = transfer->prepare(left); !prepared.ok()) return job.on_answer(std::move(prepared).error());
    CURL* easy = transfer->handle();
    FANFARE_ASSERT(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK);
    running_.emplace(easy, RunningJob{std::move(job.on_answer), std::move(transfer)});
  }

  // Answers what is done. Returns how many were.
  std::size_t collect() {
    std::size_t done = 0;
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;  // the message dies with remove_handle()
      curl_multi_remove_handle(multi_.get(), easy);
      auto node = running_.extract(easy);
      FANFARE_ASSERT(!node.empty());
      node.mapped().on_answer(node.mapped().transfer->finish(code));
      ++done;
    }
    return done;
  }

  std::chrono::milliseconds poll_time() {
    const std::lock_guard lock(mutex_);
    std::chrono::milliseconds time = kPollMax;
    const Time now = std::chrono::steady_clock::now();
    for (const Job& job : waiting_) {
      time = std::min(time, std::chrono::ceil<std::chrono::milliseconds>(job.deadline - now));
    }
    return std::max(time, std::chrono::milliseconds{0});
  }

  void stop_all() {
    for (auto& [easy, running] : running_) {
      curl_multi_remove_handle(multi_.get(), easy);
      running.on_answer(stopped(true));
    }
    running_.clear();
    std::deque<Job> left;
    {
      const std::lock_guard lock(mutex_);
      left.swap(waiting_);
    }
    for (Job& job : left) job.on_answer(stopped(false));
  }

  const CurlOptions options_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::unordered_map<CURL*, RunningJob> running_;  // goes before multi_
  std::mutex mutex_;
  std::deque<Job> waiting_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Transport> make_curl_transport(const CurlOptions& options) {
  return std::make_unique<CurlTransport>(options);
}

}  // namespace fanfare::sdk
