#include "gateway/webhook_queue.h"

#include <algorithm>

#include "base/log.h"
#include "fetch/http_client.h"
#include "gateway/command_runner.h"

namespace fanfare::gateway {
namespace {

const Logger kLog("gateway");
constexpr int kRetryDelayFactorMax = 60;

class UrlTarget final : public WebhookTarget {
 public:
  explicit UrlTarget(const WebhookOptions& options) : options_(options) {}

  Status hand_on_blocking(const QueuedWebhook& webhook, const std::atomic<bool>&) override {
    const fetch::Request request{.method = "POST",
                                 .url = options_.url,
                                 .headers = {{"Content-Type", "application/json"},
                                             {"X-Pusher-Key", webhook.key},
                                             {"X-Pusher-Signature", webhook.signature}},
                                 .body = webhook.body,
                                 .timeout = options_.attempt_time};
    const auto answer = fetch::fetch_blocking(request);
    if (!answer.ok()) return answer.error();
    if (answer->status >= 200 && answer->status < 300) return {};
    return Error{ErrorKind::kUnavailable, "HTTP status " + std::to_string(answer->status)};
  }

 private:
  const WebhookOptions& options_;
};

class CommandTarget final : public WebhookTarget {
 public:
  explicit CommandTarget(const WebhookOptions& options) : options_(options) {}

  Status hand_on_blocking(const QueuedWebhook& webhook, const std::atomic<bool>& stop) override {
    return run_command_blocking(options_.command, webhook.body, {{"FANFARE_WEBHOOK_KEY", webhook.key}},
                                options_.attempt_time, stop);
  }

 private:
  const WebhookOptions& options_;
};

}  // namespace

std::unique_ptr<WebhookTarget> make_webhook_target(const WebhookOptions& options) {
  if (!options.url.empty()) return std::make_unique<UrlTarget>(options);
  if (!options.command.empty()) return std::make_unique<CommandTarget>(options);
  return nullptr;
}

WebhookQueue::WebhookQueue(const WebhookOptions& options, std::unique_ptr<WebhookTarget> target, GatewayStats& stats,
                           std::chrono::milliseconds retry_delay)
    : options_(options),
      target_(std::move(target)),
      stats_(stats),
      retry_delay_(retry_delay),
      jitter_(secure_random_u64()) {
  if (target_ != nullptr) thread_ = std::thread([this] { run(); });
}

WebhookQueue::~WebhookQueue() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stop_.store(true, std::memory_order_relaxed);
    changed_.notify_all();
  }
  thread_.join();
  if (!waiting_.empty()) kLog.warning("webhooks were not handed on before the stop", {{"webhooks", waiting_.size()}});
}

bool WebhookQueue::try_push(QueuedWebhook webhook) {
  if (target_ == nullptr) return true;
  const std::lock_guard lock(mutex_);
  if (waiting_.size() >= options_.queued_max || webhook.body.size() > kBytesMax - bytes_) return false;
  bytes_ += webhook.body.size();
  waiting_.push_back(std::move(webhook));
  changed_.notify_all();
  return true;
}

void WebhookQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stop_.load(std::memory_order_relaxed) || !waiting_.empty(); });
    if (stop_.load(std::memory_order_relaxed)) return;
    stats_.webhooks_waiting.set(static_cast<std::int64_t>(waiting_.size()));
    // It keeps its place while it is tried: it counts against the bound, and is still there at a stop. References into
    // a deque survive what is pushed behind.
    const QueuedWebhook& first = waiting_.front();
    lock.unlock();
    hand_on(first);
    lock.lock();
    if (stop_.load(std::memory_order_relaxed)) return;
    bytes_ -= waiting_.front().body.size();
    waiting_.pop_front();
    stats_.webhooks_waiting.set(static_cast<std::int64_t>(waiting_.size()));
  }
}

void WebhookQueue::hand_on(const QueuedWebhook& webhook) {
  const auto give_up_at = std::chrono::steady_clock::now() + options_.retry_time;
  auto delay = retry_delay_;
  for (;;) {
    const Status taken = target_->hand_on_blocking(webhook, stop_);
    if (taken.ok()) return stats_.webhooks_handed_on.add();
    if (stop_.load(std::memory_order_relaxed)) return;
    // Half of it at random, so that many gateways do not come back at once.
    const auto wait = delay / 2 + std::chrono::milliseconds(jitter_.below(static_cast<std::uint64_t>(delay.count())));
    if (std::chrono::steady_clock::now() + wait >= give_up_at) {
      stats_.webhooks_given_up.add();
      return kLog.warning("a webhook was given up", {{"reason", taken.error().message}});
    }
    kLog.debug("a webhook was not taken", {{"reason", taken.error().message}});
    if (!sleep(wait)) return;
    stats_.webhook_retries.add();
    delay = std::min(delay * 2, retry_delay_ * kRetryDelayFactorMax);
  }
}

bool WebhookQueue::sleep(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [this] { return stop_.load(std::memory_order_relaxed); });
}

}  // namespace fanfare::gateway
