#include "gateway/webhook_receiver.h"

#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"

namespace fanfare::gateway {
namespace {

class WebhookReceiverTest : public GatewayTest {
 protected:
  std::string webhook(std::chrono::milliseconds age = std::chrono::milliseconds(0), std::string_view channel = "a") {
    const auto made = clock_.wall() - age;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(made.time_since_epoch()).count();
    return R"({"time_ms":)" + std::to_string(ms) + R"(,"events":[{"name":"channel_occupied","channel":")" +
           std::string(channel) + "\"}]}";
  }
  TestAnswer send(std::string_view body, std::string_view secret = "app-secret", std::string_view key = "app-key") {
    return post(
        "/pusher/webhook",
        "X-Pusher-Key: " + std::string(key) + "\r\nX-Pusher-Signature: " + sdk::sign_webhook(secret, body) + "\r\n",
        body);
  }
};

TEST_F(WebhookReceiverTest, TakesAGenuineOneOnce) {
  const std::string body = webhook();
  EXPECT_EQ(send(body).body, R"({"success":true})");
  const TestAnswer again = send(body);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body, R"({"success":true,"dropped":"repeated"})");
  EXPECT_EQ(send(webhook({}, "b")).body, R"({"success":true})");
  EXPECT_EQ(gateway().stats().webhooks.value(), 2U);
  EXPECT_EQ(gateway().stats().webhooks_repeated.value(), 1U);
}

TEST_F(WebhookReceiverTest, AForgedOneIsRefused) {
  const std::string body = webhook();
  EXPECT_EQ(send(body, "another-secret").status, 401);
  EXPECT_EQ(send(body, "app-secret", "another-key").status, 401);
  EXPECT_EQ(post("/pusher/webhook", "", body).status, 401);
  const std::string signature = sdk::sign_webhook("app-secret", body);
  EXPECT_EQ(
      post("/pusher/webhook", "X-Pusher-Key: app-key\r\nX-Pusher-Signature: " + signature + "\r\n", body + " ").status,
      401);
  EXPECT_EQ(gateway().stats().webhooks_refused.value(), 4U);
}

TEST_F(WebhookReceiverTest, AReplayIsTooOldOrKnown) {
  const TestAnswer old = send(webhook(std::chrono::minutes(6)));
  EXPECT_EQ(old.status, 200) << "so that it is not sent again";
  EXPECT_EQ(old.body, R"({"success":true,"dropped":"old"})");
  EXPECT_EQ(send(webhook(std::chrono::minutes(4), "in time")).body, R"({"success":true})");
  EXPECT_EQ(send(webhook(-std::chrono::minutes(6))).body, R"({"success":true,"dropped":"old"})");
  const std::string body = webhook();
  EXPECT_EQ(send(body).body, R"({"success":true})");
  clock_.advance(std::chrono::minutes(4));
  EXPECT_EQ(send(body).body, R"({"success":true,"dropped":"repeated"})");
  clock_.advance(std::chrono::minutes(2));
  EXPECT_EQ(send(body).body, R"({"success":true,"dropped":"old"})");
}

TEST_F(WebhookReceiverTest, TheWindowIsASetting) {
  gateway_options_.webhook.window = std::chrono::minutes(60);
  EXPECT_EQ(send(webhook(std::chrono::minutes(59))).body, R"({"success":true})");
  EXPECT_EQ(send(webhook(std::chrono::minutes(61))).body, R"({"success":true,"dropped":"old"})");
}

TEST_F(WebhookReceiverTest, WhenTooManyWaitTheSenderKeepsThem) {
  gateway_options_.webhook.queued_max = 1;
  gateway_options_.webhook.command = "sleep 60";  // ended by the gateway's stop
  const std::string body = webhook({}, "b");
  EXPECT_EQ(send(webhook({}, "a")).status, 200);
  const TestAnswer full = send(body);
  EXPECT_EQ(full.status, 503);
  EXPECT_EQ(full.code(), "webhooks_full");
  EXPECT_TRUE(full.has_header("Retry-After: 5"));
  EXPECT_EQ(send(body).status, 503) << "it is not taken for one that came before";
  EXPECT_EQ(gateway().stats().webhooks_full.value(), 2U);
}

TEST_F(WebhookReceiverTest, ASpellingOfTheSignatureMakesNoNewWebhook) {
  const std::string body = webhook();
  EXPECT_EQ(send(body).status, 200);
  std::string signature = sdk::sign_webhook("app-secret", body);
  for (char& c : signature) c = static_cast<char>(c >= 'a' && c <= 'f' ? c - 'a' + 'A' : c);
  post("/pusher/webhook", "X-Pusher-Key: app-key\r\nX-Pusher-Signature: " + signature + "\r\n", body);
  EXPECT_EQ(gateway().stats().webhooks.value(), 1U);
}

TEST_F(WebhookReceiverTest, WhatIsSignedAndNoWebhookIsABadRequest) {
  EXPECT_EQ(send("{}").status, 400);
  EXPECT_EQ(send("not json").status, 400);
  EXPECT_EQ(send("").status, 400);
}

}  // namespace
}  // namespace fanfare::gateway
