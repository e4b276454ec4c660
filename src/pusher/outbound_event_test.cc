#include "pusher/outbound_event.h"

#include <gtest/gtest.h>

#include "json/json_reader.h"
#include "json/json_writer.h"

namespace fanfare::pusher {
namespace {

template <typename Append>
std::string event(Append append) {
  std::string out;
  append(out);
  json::Reader reader;
  EXPECT_TRUE(reader.parse_object(out).ok()) << out;
  return out;
}

// What a client's JSON.parse finds in `data`.
std::string data_of(const std::string& event_text) {
  json::Reader reader;
  EXPECT_TRUE(reader.parse_object(event_text).ok()) << event_text;
  const json::Value* data = reader.find("data");
  return data == nullptr ? "" : std::string(data->text);
}

TEST(OutboundEventTest, ConnectionEstablished) {
  EXPECT_EQ(
      event([](std::string& out) {
        append_connection_established(out, {264774, 13368624}, 120);
      }),
      R"({"event":"pusher:connection_established","data":"{\"socket_id\":\"264774.13368624\",\"activity_timeout\":120}"})");
}

TEST(OutboundEventTest, ErrorsHaveObjectData) {
  EXPECT_EQ(event([](std::string& out) { append_error(out, std::nullopt, "Existing subscription to channel orders"); }),
            R"({"event":"pusher:error","data":{"code":null,"message":"Existing subscription to channel orders"}})");
  EXPECT_EQ(event([](std::string& out) {
              append_error(out, ErrorCode::kClientEventRateLimit, message_of(ErrorCode::kClientEventRateLimit));
            }),
            R"({"event":"pusher:error","data":{"code":4301,"message":"Client event rejected due to rate limit"}})");
  EXPECT_EQ(event([](std::string& out) { append_error(out, std::nullopt, "a \"b\"\n"); }),
            R"({"event":"pusher:error","data":{"code":null,"message":"a \"b\"\n"}})");
}

TEST(OutboundEventTest, FixedEvents) {
  EXPECT_EQ(event([](std::string& out) { append_ping(out); }), R"({"event":"pusher:ping","data":{}})");
  EXPECT_EQ(event([](std::string& out) { append_pong(out); }), R"({"event":"pusher:pong","data":"{}"})");
  EXPECT_EQ(event([](std::string& out) { append_subscription_succeeded(out, "orders"); }),
            R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"orders"})");
  EXPECT_EQ(event([](std::string& out) { append_subscription_count(out, "orders", 7); }),
            R"({"event":"pusher_internal:subscription_count","data":"{\"subscription_count\":7}","channel":"orders"})");
  EXPECT_EQ(event([](std::string& out) { append_cache_miss(out, "cache-price"); }),
            R"({"event":"pusher:cache_miss","data":"{}","channel":"cache-price"})");
  EXPECT_EQ(
      event([](std::string& out) { append_subscription_error(out, "private-x", "no \"auth\"", 401); }),
      R"({"event":"pusher:subscription_error","channel":"private-x","data":{"type":"AuthError","error":"no \"auth\"","status":401}})");
}

TEST(OutboundEventTest, SigninSuccessEchoesTheIdenticalString) {
  EXPECT_EQ(event([](std::string& out) { append_signin_success(out, R"({"id":"u7"})"); }),
            R"({"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"u7\\\"}\"}"})");
  const std::string user_data = "{ \"id\":\"u\\n7\\\"\\\\\", \"user_info\":\"Zoë😀\\u0000\"}\t";
  const std::string data = data_of(event([&](std::string& out) { append_signin_success(out, user_data); }));
  json::Reader reader;
  ASSERT_TRUE(reader.parse_object(data).ok()) << data;
  EXPECT_EQ(reader.find("user_data")->text, user_data);
}

TEST(OutboundEventTest, WatchlistEventsLeaveOutAnEmptyGroup) {
  const std::vector<std::string> online{"u8"};
  const std::vector<std::string> offline{"u9", "a\"b"};
  const std::vector<std::string> none;
  EXPECT_EQ(
      event([&](std::string& out) { append_watchlist_events(out, std::span(online), std::span(offline).first(1)); }),
      R"({"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"u8\"]},{\"name\":\"offline\",\"user_ids\":[\"u9\"]}]}"})");
  EXPECT_EQ(
      data_of(event([&](std::string& out) { append_watchlist_events(out, std::span(none), std::span(offline)); })),
      R"({"events":[{"name":"offline","user_ids":["u9","a\"b"]}]})");
  EXPECT_EQ(data_of(event([&](std::string& out) { append_watchlist_events(out, std::span(online), std::span(none)); })),
            R"({"events":[{"name":"online","user_ids":["u8"]}]})");
  const std::string_view views[] = {"x", "y"};
  EXPECT_EQ(data_of(event([&](std::string& out) {
              append_watchlist_events(out, std::span<const std::string_view>(views),
                                      std::span<const std::string_view>());
            })),
            R"({"events":[{"name":"online","user_ids":["x","y"]}]})");
}

TEST(OutboundEventTest, PublishedEventsAreSpliced) {
  EXPECT_EQ(
      event([](std::string& out) { append_published_event(out, R"("order.created")", "orders", R"("{\"n\":1}")"); }),
      R"({"event":"order.created","channel":"orders","data":"{\"n\":1}"})");
  EXPECT_EQ(event([](std::string& out) {
              append_client_event(out, R"("client-typing")", "presence-room", R"("{\"on\":true}")", R"("u7")");
            }),
            R"({"event":"client-typing","channel":"presence-room","data":"{\"on\":true}","user_id":"u7"})");
  EXPECT_EQ(event([](std::string& out) { append_client_event(out, R"("client-x")", "private-a", R"("1")", ""); }),
            R"({"event":"client-x","channel":"private-a","data":"1"})");
}

TEST(OutboundEventTest, AppendsBehindWhatIsThere) {
  std::string out = "abc";
  append_pong(out);
  EXPECT_EQ(out, R"(abc{"event":"pusher:pong","data":"{}"})");
}

}  // namespace
}  // namespace fanfare::pusher
