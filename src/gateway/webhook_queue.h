// WebhookQueue: hands webhooks on to the application, in the order they came, one at a time, each until it is taken.
//
// Thread: try_push() from the gateway's loop; the rest happens on a thread of its own.
// Bound:  WebhookOptions::queued_max webhooks and kBytesMax bytes; above it try_push() refuses. One that is not taken
// for
//         retry_time is given up, counted and said in the log.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/random.h"
#include "base/result.h"
#include "gateway/gateway_stats.h"
#include "gateway/options.h"

namespace fanfare::gateway {

// As it was received.
struct QueuedWebhook {
  std::string key;
  std::string signature;
  std::string body;
};

// Where webhooks go.
class WebhookTarget {
 public:
  WebhookTarget() = default;
  WebhookTarget(const WebhookTarget&) = delete;
  WebhookTarget& operator=(const WebhookTarget&) = delete;
  virtual ~WebhookTarget() = default;

  // Whether the application took it. Blocks: for at most the attempt's time; returns early once `stop` is true.
  virtual Status hand_on_blocking(const QueuedWebhook& webhook, const std::atomic<bool>& stop) = 0;
};

// POSTs it to the URL as it was received, signature and all (taken: 2xx), or runs the command with the body on its
// standard input and FANFARE_WEBHOOK_KEY in its environment (taken: exit status 0). Null: neither is configured.
std::unique_ptr<WebhookTarget> make_webhook_target(const WebhookOptions& options);

class WebhookQueue {
 public:
  static constexpr std::size_t kBytesMax = 64 * kMiB;

  // `options` and `stats` outlive this. `retry_delay`: before the first repetition; it doubles up to 60 times that.
  WebhookQueue(const WebhookOptions& options, std::unique_ptr<WebhookTarget> target, GatewayStats& stats,
               std::chrono::milliseconds retry_delay = std::chrono::milliseconds(500));
  // Ends the attempt that is under way; what waits is given up, and counted.
  ~WebhookQueue();
  WebhookQueue(const WebhookQueue&) = delete;
  WebhookQueue& operator=(const WebhookQueue&) = delete;

  bool try_push(QueuedWebhook webhook);

 private:
  void run();
  void hand_on(const QueuedWebhook& webhook);
  // False: stopping.
  bool sleep(std::chrono::milliseconds time);

  const WebhookOptions& options_;
  std::unique_ptr<WebhookTarget> target_;
  GatewayStats& stats_;
  const std::chrono::milliseconds retry_delay_;
  SeededRandom jitter_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<QueuedWebhook> waiting_;
  std::size_t bytes_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace fanfare::gateway
