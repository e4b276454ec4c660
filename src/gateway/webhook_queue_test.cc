#include "gateway/webhook_queue.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "fetch/loopback_server_test_support.h"
#include "support/temp_folder.h"

namespace fanfare::gateway {
namespace {

// Takes what it is told to take, and lets a test wait for it.
class ScriptedTarget final : public WebhookTarget {
 public:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> bodies;  // one for each attempt
    std::size_t failures_left = 0;
    bool is_open = true;

    void wait_for_attempts(std::size_t count) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return bodies.size() >= count; });
    }
    std::vector<std::string> attempts() {
      const std::lock_guard lock(mutex);
      return bodies;
    }
  };

  explicit ScriptedTarget(State& state) : state_(state) {}
  Status hand_on_blocking(const QueuedWebhook& webhook, const std::atomic<bool>& stop) override {
    std::unique_lock lock(state_.mutex);
    state_.bodies.push_back(webhook.body);
    state_.changed.notify_all();
    while (!state_.is_open && !stop.load()) state_.changed.wait_for(lock, std::chrono::milliseconds(5));
    if (state_.failures_left == 0) return {};
    --state_.failures_left;
    return Error{ErrorKind::kUnavailable, "not now"};
  }

 private:
  State& state_;
};

class WebhookQueueTest : public testing::Test {
 protected:
  std::unique_ptr<WebhookQueue> queue() {
    return std::make_unique<WebhookQueue>(options_, std::make_unique<ScriptedTarget>(target_), stats_,
                                          std::chrono::milliseconds(1));
  }
  void wait_handed_on(std::uint64_t count) {
    while (stats_.webhooks_handed_on.value() + stats_.webhooks_given_up.value() < count) std::this_thread::yield();
  }

  WebhookOptions options_;
  GatewayStats stats_;
  ScriptedTarget::State target_;
};

TEST_F(WebhookQueueTest, HandsOnInOrderAndTriesAgainBeforeTheNext) {
  target_.failures_left = 2;
  const auto waiting = queue();
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "1"}));
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "2"}));
  wait_handed_on(2);
  EXPECT_EQ(target_.attempts(), (std::vector<std::string>{"1", "1", "1", "2"}));
  EXPECT_EQ(stats_.webhook_retries.value(), 2U);
}

TEST_F(WebhookQueueTest, RefusesAboveItsBound) {
  options_.queued_max = 2;
  target_.is_open = false;
  const auto waiting = queue();
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "1"}));
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "2"}));
  EXPECT_FALSE(waiting->try_push({.key = "k", .signature = "s", .body = "3"}));
}

TEST_F(WebhookQueueTest, GivesUpAfterItsTimeAndGoesOn) {
  options_.retry_time = std::chrono::seconds(0);
  target_.failures_left = 1;
  const auto waiting = queue();
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "1"}));
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "2"}));
  wait_handed_on(2);
  EXPECT_EQ(stats_.webhooks_given_up.value(), 1U);
  EXPECT_EQ(target_.attempts(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(WebhookQueueTest, AStopEndsWhatIsUnderWay) {
  target_.is_open = false;
  auto waiting = queue();
  EXPECT_TRUE(waiting->try_push({.key = "k", .signature = "s", .body = "1"}));
  target_.wait_for_attempts(1);
  waiting.reset();
  EXPECT_EQ(target_.attempts().size(), 1U);
}

TEST_F(WebhookQueueTest, WithoutATargetEverythingIsTaken) {
  EXPECT_EQ(make_webhook_target(options_), nullptr);
  WebhookQueue nowhere(options_, nullptr, stats_);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(nowhere.try_push({.key = "k", .signature = "s", .body = "1"}));
}

TEST_F(WebhookQueueTest, AUrlGetsItAsItCame) {
  std::string request;
  fetch::LoopbackServer application([&](const std::string& received) {
    request = received;
    return fetch::http_answer("204 No Content", "", "");
  });
  options_.url = application.url("/hook");
  std::atomic<bool> stop = false;
  EXPECT_TRUE(make_webhook_target(options_)->hand_on_blocking({.key = "k", .signature = "s", .body = "{}"}, stop).ok());
  application.stop();  // `request` is its thread's until then
  EXPECT_NE(request.find("POST /hook "), std::string::npos);
  EXPECT_NE(request.find("X-Pusher-Key: k\r\n"), std::string::npos);
  EXPECT_NE(request.find("X-Pusher-Signature: s\r\n"), std::string::npos);
  EXPECT_TRUE(request.ends_with("\r\n\r\n{}"));
}

TEST_F(WebhookQueueTest, ACommandGetsItOnItsInput) {
  const test::TempFolder folder;
  options_.command =
      "cat > " + folder.path() + "/body && printf %s \"$FANFARE_WEBHOOK_KEY\" > " + folder.path() + "/key";
  std::atomic<bool> stop = false;
  const std::string body(300'000, 'x');
  ASSERT_TRUE(make_webhook_target(options_)->hand_on_blocking({.key = "k", .signature = "s", .body = body}, stop).ok());
  EXPECT_EQ(std::filesystem::file_size(folder.path() + "/body"), body.size());
  std::string key;
  std::ifstream(folder.path() + "/key") >> key;
  EXPECT_EQ(key, "k");
}

}  // namespace
}  // namespace fanfare::gateway
