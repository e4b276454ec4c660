#include "fetch/http_client.h"

#include <deque>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/assert.h"
#include "fetch/transfer.h"

namespace fanfare::fetch {

namespace {

struct Job {
  Request request;
  Executor* answer_to = nullptr;
  OnAnswer on_answer;

  void answer(Result<Response> result) {
    answer_to->post(
        [on_answer = std::move(on_answer), result = std::move(result)]() mutable { on_answer(std::move(result)); });
  }
};

struct RunningJob {
  Job job;
  std::unique_ptr<Transfer> transfer;
};

struct FreeMulti {
  void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
};

// Between two looks at the sockets when nothing happens; start() wakes the thread earlier.
constexpr int kPollMs = 1'000;

Error stopping() { return {ErrorKind::kUnavailable, "the client is stopping"}; }

}  // namespace

std::string_view Response::header(std::string_view name) const noexcept {
  for (const auto& [header_name, value] : headers) {
    if (header_name == name) return value;
  }
  return {};
}

// The thread and what it works on. `mutex_` guards waiting_ and is_stopping_; the rest belongs to the thread.
class HttpClient::Worker {
 public:
  explicit Worker(const FetchOptions& options) : options_(options) {
    prepare_curl();
    multi_.reset(curl_multi_init());
    FANFARE_ASSERT(multi_ != nullptr);
    thread_ = std::thread([this] { run(); });
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      is_stopping_ = true;
    }
    curl_multi_wakeup(multi_.get());
    thread_.join();
  }

  Status start(Job job) {
    {
      const std::lock_guard lock(mutex_);
      if (waiting_.size() >= options_.waiting_requests_max) {
        return Error{ErrorKind::kLimit,
                     "too many requests are waiting: at most " + std::to_string(options_.waiting_requests_max)};
      }
      waiting_.push_back(std::move(job));
    }
    curl_multi_wakeup(multi_.get());
    return {};
  }

 private:
  void run() {
    while (start_waiting()) {
      int still_running = 0;
      FANFARE_ASSERT(curl_multi_perform(multi_.get(), &still_running) == CURLM_OK);
      if (collect() != 0) continue;  // there is room for those that wait
      curl_multi_poll(multi_.get(), nullptr, 0, kPollMs, nullptr);
    }
    give_up();
  }

  // Puts on the wire what may go. False: the client is stopping.
  bool start_waiting() {
    while (running_.size() < options_.concurrent_requests_max) {
      Job job;
      {
        const std::lock_guard lock(mutex_);
        if (is_stopping_) return false;
        if (waiting_.empty()) return true;
        job = std::move(waiting_.front());
        waiting_.pop_front();
      }
      start_now(std::move(job));
    }
    const std::lock_guard lock(mutex_);
    return !is_stopping_;
  }

  void start_now(Job job) {
    auto transfer = std::make_unique<Transfer>(std::move(job.request), options_);
    if (Status prepared = transfer->prepare(); !prepared.ok()) return job.answer(std::move(prepared).error());
    CURL* easy = transfer->handle();
    FANFARE_ASSERT(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK);
    running_.emplace(easy, RunningJob{std::move(job), std::move(transfer)});
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
      node.mapped().job.answer(node.mapped().transfer->finish(code));
      ++done;
    }
    return done;
  }

  void give_up() {
    for (auto& [easy, running] : running_) {
      curl_multi_remove_handle(multi_.get(), easy);
      running.job.answer(stopping());
    }
    running_.clear();
    const std::lock_guard lock(mutex_);
    for (Job& job : waiting_) job.answer(stopping());
    waiting_.clear();
  }

  const FetchOptions options_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
  std::unordered_map<CURL*, RunningJob> running_;
  std::mutex mutex_;
  std::deque<Job> waiting_;
  bool is_stopping_ = false;
  std::thread thread_;
};

HttpClient::HttpClient(const FetchOptions& options) : worker_(std::make_unique<Worker>(options)) {}
HttpClient::~HttpClient() = default;

Status HttpClient::start(Request request, Executor& answer_to, OnAnswer on_answer) {
  return worker_->start(Job{std::move(request), &answer_to, std::move(on_answer)});
}

Result<Response> fetch_blocking(const Request& request, const FetchOptions& options) {
  prepare_curl();
  Transfer transfer(request, options);
  if (Status prepared = transfer.prepare(); !prepared.ok()) return std::move(prepared).error();
  return transfer.finish(curl_easy_perform(transfer.handle()));
}

}  // namespace fanfare::fetch
