#include "sdk/publish_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json_reader.h"

namespace fanfare::sdk {
namespace {

using testing::HasSubstr;

const Limits kLimits{};

std::string refusal(const Event& event) {
  const auto body = event_body(event, kLimits, nullptr);
  return body.ok() ? "" : body.error().message;
}

MasterKey master_key() { return *MasterKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="); }

TEST(SdkPublishBodyTest, Ref93AnEvent) {
  EXPECT_EQ(*event_body({.channels = {"orders"}, .name = "order.created", .data = R"({"n":1})"}, kLimits, nullptr),
            R"({"name":"order.created","channels":["orders"],"data":"{\"n\":1}"})");
  EXPECT_EQ(
      *event_body({.channels = {"a", "b"},
                   .name = "x",
                   .data = "",
                   .socket_id = "218.4471",
                   .info = {.user_count = true, .subscription_count = true}},
                  kLimits, nullptr),
      R"({"name":"x","channels":["a","b"],"data":"","socket_id":"218.4471","info":"user_count,subscription_count"})");
}

TEST(SdkPublishBodyTest, Ref94ABatch) {
  const std::vector<BatchEvent> events{
      {.channel = "orders", .name = "a", .data = "1", .socket_id = "1.2", .info = {.subscription_count = true}},
      {.channel = "presence-room", .name = "b", .data = "2"}};
  EXPECT_EQ(
      *batch_body(events, kLimits, nullptr),
      R"({"batch":[{"name":"a","channel":"orders","data":"1","socket_id":"1.2","info":"subscription_count"},{"name":"b","channel":"presence-room","data":"2"}]})");
}

TEST(SdkPublishBodyTest, NamesAreChecked) {
  EXPECT_THAT(refusal({.channels = {"a:b"}, .name = "x"}), HasSubstr("Invalid channel name"));
  EXPECT_THAT(refusal({.channels = {"a"}, .name = ""}), HasSubstr("Invalid event name"));
  EXPECT_THAT(refusal({.channels = {"a"}, .name = "pusher:x"}), HasSubstr("reserved"));
  EXPECT_THAT(refusal({.channels = {"a"}, .name = "x", .socket_id = "1"}), HasSubstr("Invalid socket id"));
  EXPECT_THAT(refusal({.channels = {"a"}, .name = "x", .data = "\xC0\x80"}), HasSubstr("UTF-8"));
}

TEST(SdkPublishBodyTest, CountsHoldAtTheirBounds) {
  Event event{.channels = {}, .name = "x"};
  EXPECT_THAT(refusal(event), HasSubstr("no channel"));
  event.channels.assign(100, "a");
  EXPECT_EQ(refusal(event), "");
  event.channels.assign(101, "a");
  EXPECT_THAT(refusal(event), HasSubstr("101 channels, at most 100"));
  EXPECT_FALSE(batch_body({}, kLimits, nullptr).ok());
  std::vector<BatchEvent> batch(10, {.channel = "a", .name = "x"});
  EXPECT_TRUE(batch_body(batch, kLimits, nullptr).ok());
  batch.push_back(batch.front());
  EXPECT_THAT(batch_body(batch, kLimits, nullptr).error().message, HasSubstr("11 events, at most 10"));
}

TEST(SdkPublishBodyTest, DataIsCountedInBytesBeforeItIsEscaped) {
  EXPECT_EQ(refusal({.channels = {"a"}, .name = "x", .data = std::string(10'240, '"')}), "");
  EXPECT_THAT(refusal({.channels = {"a"}, .name = "x", .data = std::string(10'241, 'd')}),
              HasSubstr("10241 bytes, at most 10240"));
  EXPECT_TRUE(event_body({.channels = {"a"}, .name = "x", .data = std::string(20'000, 'd')},
                         {.event_data_bytes_max = 20'000}, nullptr)
                  .ok());
}

TEST(SdkPublishBodyTest, Ref7AnEncryptedEventIsSealedForItsChannel) {
  const MasterKey key = master_key();
  const auto body = event_body({.channels = {"private-encrypted-a"}, .name = "x", .data = "hi"}, kLimits, &key);
  ASSERT_TRUE(body.ok()) << body.error().message;
  json::Reader reader;
  ASSERT_TRUE(reader.parse_object(*body).ok());
  EXPECT_EQ(*key.decrypt("private-encrypted-a", reader.find("data")->text), "hi");
}

TEST(SdkPublishBodyTest, Ref7AnEncryptedChannelStandsAlone) {
  const MasterKey key = master_key();
  for (const std::vector<std::string>& channels :
       {std::vector<std::string>{"a", "private-encrypted-a"}, std::vector<std::string>{"private-encrypted-a", "a"},
        std::vector<std::string>{"private-encrypted-a", "private-encrypted-b"}}) {
    const auto body = event_body({.channels = channels, .name = "x", .data = "hi"}, kLimits, &key);
    ASSERT_FALSE(body.ok());
    EXPECT_THAT(body.error().message, HasSubstr("trigger_batch"));
  }
}

TEST(SdkPublishBodyTest, Ref7ABatchMayMixThem) {
  const MasterKey key = master_key();
  const std::vector<BatchEvent> events{{.channel = "private-encrypted-a", .name = "x", .data = "one"},
                                       {.channel = "open", .name = "x", .data = "two"},
                                       {.channel = "private-encrypted-b", .name = "x", .data = "three"}};
  const auto body = batch_body(events, kLimits, &key);
  ASSERT_TRUE(body.ok()) << body.error().message;
  json::Reader root;
  ASSERT_TRUE(root.parse_object(*body).ok());
  json::Reader list;
  ASSERT_TRUE(list.parse(root.find("batch")->raw).ok());
  const auto data = [&list](std::size_t i) {
    json::Reader event;
    EXPECT_TRUE(event.parse_object(list.elements()[i].raw).ok());
    return std::string(event.find("data")->text);
  };
  EXPECT_EQ(*key.decrypt("private-encrypted-a", data(0)), "one");
  EXPECT_EQ(data(1), "two");
  EXPECT_EQ(*key.decrypt("private-encrypted-b", data(2)), "three");
}

TEST(SdkPublishBodyTest, WhatIsEncryptedIsCountedAfterwards) {
  const MasterKey key = master_key();
  const auto publish = [&key](std::size_t bytes) {
    return event_body({.channels = {"private-encrypted-a"}, .name = "x", .data = std::string(bytes, 'd')}, kLimits,
                      &key);
  };
  EXPECT_TRUE(publish(7'500).ok());
  const auto refused = publish(8'000);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("after encryption"));
}

TEST(SdkPublishBodyTest, EncryptionNeedsItsKey) {
  EXPECT_THAT(refusal({.channels = {"private-encrypted-a"}, .name = "x"}), HasSubstr("master key"));
}

TEST(SdkPublishBodyTest, AFaultInABatchNamesItsPlace) {
  const std::vector<BatchEvent> events{{.channel = "a", .name = "x"}, {.channel = "b", .name = ""}};
  EXPECT_THAT(batch_body(events, kLimits, nullptr).error().message, HasSubstr("batch[1]: Invalid event name"));
}

TEST(SdkPublishBodyTest, IdempotencyKeysAreShortAndPrintable) {
  EXPECT_TRUE(check_idempotency_key("").ok());
  EXPECT_TRUE(check_idempotency_key(std::string(255, 'k')).ok());
  EXPECT_FALSE(check_idempotency_key(std::string(256, 'k')).ok());
  EXPECT_FALSE(check_idempotency_key("a\r\nX: y").ok());
  EXPECT_FALSE(check_idempotency_key("ë").ok());
}

}  // namespace
}  // namespace fanfare::sdk
