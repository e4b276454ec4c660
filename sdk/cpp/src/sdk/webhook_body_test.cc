#include "sdk/webhook_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

Result<Webhook> parse_event(const std::string& event) {
  return parse_webhook_body(R"({"time_ms":1,"events":[)" + event + "]}");
}

template <typename T>
T only(const std::string& event) {
  const auto webhook = parse_event(event);
  EXPECT_TRUE(webhook.ok()) << event;
  EXPECT_EQ(webhook->events.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<T>(webhook->events.front())) << event;
  return std::get<T>(webhook->events.front());
}

TEST(SdkWebhookBodyTest, Ref102EveryKindHasItsType) {
  EXPECT_EQ(only<ChannelOccupied>(R"({"name":"channel_occupied","channel":"a"})").channel, "a");
  EXPECT_EQ(only<ChannelVacated>(R"({"name":"channel_vacated","channel":"a"})").channel, "a");
  EXPECT_EQ(only<CacheMiss>(R"({"name":"cache_miss","channel":"cache-a"})").channel, "cache-a");
  EXPECT_EQ(only<MemberAdded>(R"({"name":"member_added","channel":"presence-a","user_id":"u7"})").user_id, "u7");
  EXPECT_EQ(only<MemberRemoved>(R"({"name":"member_removed","channel":"presence-a","user_id":"u7"})").user_id, "u7");
  EXPECT_EQ(only<SubscriptionCount>(R"({"name":"subscription_count","channel":"a","subscription_count":7})")
                .subscription_count,
            7U);
}

TEST(SdkWebhookBodyTest, Ref102AClientEvent) {
  const auto event = only<ClientEvent>(
      R"({"name":"client_event","channel":"presence-room","event":"client-typing","data":"{\"on\":true}","socket_id":"218.4471","user_id":"u7"})");
  EXPECT_EQ(event.channel, "presence-room");
  EXPECT_EQ(event.event, "client-typing");
  EXPECT_EQ(event.data, R"({"on":true})");
  EXPECT_EQ(event.socket_id, "218.4471");
  EXPECT_EQ(event.user_id, "u7");
  const auto without = only<ClientEvent>(
      R"({"name":"client_event","channel":"private-a","event":"client-x","data":{"on": true},"socket_id":"1.2"})");
  EXPECT_EQ(without.data, R"({"on":true})");
  EXPECT_FALSE(without.user_id.has_value());
}

TEST(SdkWebhookBodyTest, NumbersAsUserIdsAreTheirText) {
  EXPECT_EQ(only<MemberAdded>(R"({"name":"member_added","channel":"presence-a","user_id":10})").user_id, "10");
}

TEST(SdkWebhookBodyTest, WhatIsNotKnownOrNotWholeIsKeptAsItIs) {
  for (const char* event :
       {R"({"name":"member_met","channel":"a"})", R"({"name":"channel_occupied"})",
        R"({"name":"channel_occupied","channel":7})", R"({"name":"member_added","channel":"a"})",
        R"({"name":"client_event","channel":"a","data":"x"})", R"({"name":"subscription_count","channel":"a"})",
        R"({"name":"subscription_count","channel":"a","subscription_count":-1})",
        R"({"name":"subscription_count","channel":"a","subscription_count":"7"})"}) {
    EXPECT_EQ(only<UnknownWebhookEvent>(event).json, event);
  }
  EXPECT_EQ(channel_of(UnknownWebhookEvent{"x", "{}"}), "");
  EXPECT_EQ(name_of(UnknownWebhookEvent{"x", "{}"}), "x");
}

TEST(SdkWebhookBodyTest, EventsKeepTheirOrder) {
  const auto webhook = parse_event(
      R"({"name":"channel_occupied","channel":"a"},{"name":"channel_vacated","channel":"a"},{"name":"channel_occupied","channel":"b"})");
  ASSERT_EQ(webhook->events.size(), 3U);
  EXPECT_EQ(channel_of(webhook->events[2]), "b");
  EXPECT_TRUE(parse_event("")->events.empty());
}

TEST(SdkWebhookBodyTest, ABodyOfAnotherFormIsRefused) {
  for (const char* body :
       {"", "null", "[]", "{}", R"({"events":[]})", R"({"time_ms":1})", R"({"time_ms":"1","events":[]})",
        R"({"time_ms":1.5,"events":[]})", R"({"time_ms":-1,"events":[]})", R"({"time_ms":9000000000001,"events":[]})",
        R"({"time_ms":1,"events":{}})", R"({"time_ms":1,"events":[1]})", R"({"time_ms":1,"events":[{}]})",
        R"({"time_ms":1,"events":[{"name":1}]})", R"({"time_ms":1,"events":[]} x)",
        "{\"time_ms\":1,\"events\":[{\"name\":\"\xFF\"}]}"}) {
    const auto webhook = parse_webhook_body(body);
    ASSERT_FALSE(webhook.ok()) << body;
    EXPECT_EQ(webhook.error().kind, ErrorKind::kInvalid);
  }
}

}  // namespace
}  // namespace fanfare::sdk
