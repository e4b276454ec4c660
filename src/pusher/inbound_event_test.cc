#include "pusher/inbound_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

using testing::StartsWith;

// The decoded event, which must be a T. Views are good until the next decode.
template <typename T>
T decoded(std::string_view message) {
  const Result<InboundEvent> event = decode_inbound_event(message);
  EXPECT_TRUE(event.ok()) << message << (event.ok() ? "" : event.error().message);
  const T* found = event.ok() ? std::get_if<T>(&*event) : nullptr;
  EXPECT_NE(found, nullptr) << message;
  return found == nullptr ? T{} : *found;
}

std::string fault_of(std::string_view message) {
  const Result<InboundEvent> event = decode_inbound_event(message);
  return event.ok() ? "" : event.error().message;
}

std::string with_data(std::string_view event, std::string_view data) {
  return std::string(R"({"event":")").append(event).append(R"(","data":)").append(data).append("}");
}

TEST(InboundEventTest, SubscribesAsEachClientSendsIt) {
  const auto public_js =
      decoded<SubscribeCommand>(R"({"event":"pusher:subscribe","data":{"auth":"","channel":"orders"}})");
  EXPECT_EQ(public_js.channel, "orders");
  EXPECT_EQ(public_js.auth, "");
  EXPECT_EQ(public_js.channel_data, std::nullopt);

  const auto public_java = decoded<SubscribeCommand>(R"({"event":"pusher:subscribe","data":{"channel":"orders"}})");
  EXPECT_EQ(public_java.channel, "orders");
  EXPECT_EQ(public_java.auth, std::nullopt);

  const auto presence = decoded<SubscribeCommand>(
      R"({"event":"pusher:subscribe","data":{"auth":"k:s","channel_data":"{\"user_id\":\"u7\",\"user_info\":{\"name\":\"Zoë\"}}","channel":"presence-room"}})");
  EXPECT_EQ(presence.auth, "k:s");
  EXPECT_EQ(presence.channel_data, R"({"user_id":"u7","user_info":{"name":"Zoë"}})");
}

TEST(InboundEventTest, DataMayBeAStringThatHoldsAnObject) {
  const auto command = decoded<SubscribeCommand>(
      R"({"event":"pusher:subscribe","data":"{\"channel\":\"presence-room\",\"auth\":\"k:s\",\"channel_data\":\"{\\\"user_id\\\":1}\"}"})");
  EXPECT_EQ(command.channel, "presence-room");
  EXPECT_EQ(command.auth, "k:s");
  EXPECT_EQ(command.channel_data, R"({"user_id":1})");
}

TEST(InboundEventTest, AnEmptyChannelDataIsPresentAndANullIsNot) {
  EXPECT_EQ(
      decoded<SubscribeCommand>(with_data("pusher:subscribe", R"({"channel":"a","channel_data":""})")).channel_data,
      "");
  const auto nulls =
      decoded<SubscribeCommand>(with_data("pusher:subscribe", R"({"channel":"a","channel_data":null,"auth":null})"));
  EXPECT_EQ(nulls.channel_data, std::nullopt);
  EXPECT_EQ(nulls.auth, std::nullopt);
}

TEST(InboundEventTest, SubscribeWithoutAChannel) {
  for (const char* data : {"{}", R"({"channel":1})", R"({"channel":null})", "null", "1", "[]", R"("")", R"("[]")",
                           R"("not json")", R"("{\"channel\":7}")"}) {
    EXPECT_EQ(fault_of(with_data("pusher:subscribe", data)), "Missing parameter: data.channel") << data;
    EXPECT_EQ(fault_of(with_data("pusher:unsubscribe", data)), "Missing parameter: data.channel") << data;
  }
  EXPECT_EQ(fault_of(R"({"event":"pusher:subscribe"})"), "Missing parameter: data.channel");
}

TEST(InboundEventTest, SubscribeWithFieldsOfTheWrongType) {
  EXPECT_EQ(fault_of(with_data("pusher:subscribe", R"({"channel":"a","auth":1})")),
            "Invalid format: auth must have the format key:signature");
  EXPECT_EQ(fault_of(with_data("pusher:subscribe", R"({"channel":"a","auth":"k:s","channel_data":{"user_id":1}})")),
            "Invalid channel_data: must be valid JSON with a user_id, as a string (found an object)");
}

TEST(InboundEventTest, Unsubscribes) {
  EXPECT_EQ(decoded<UnsubscribeCommand>(with_data("pusher:unsubscribe", R"({"channel":"orders"})")).channel, "orders");
}

TEST(InboundEventTest, PingsAndPongsWithWhateverData) {
  for (const char* message : {R"({"event":"pusher:ping","data":{}})", R"({"event":"pusher:ping"})",
                              R"({"event":"pusher:ping","data":""})", R"({"data":"{}","event":"pusher:ping"})"}) {
    decoded<PingCommand>(message);
  }
  decoded<PongCommand>(R"({"event":"pusher:pong","data":{}})");
}

TEST(InboundEventTest, SignsIn) {
  const auto command = decoded<SigninCommand>(
      with_data("pusher:signin", R"({"auth":"k:s","user_data":"{\"id\":\"u7\",\"watchlist\":[\"u8\"]}"})"));
  EXPECT_EQ(command.auth, "k:s");
  EXPECT_EQ(command.user_data, R"({"id":"u7","watchlist":["u8"]})");
}

TEST(InboundEventTest, SigninWithMissingFields) {
  EXPECT_EQ(fault_of(R"({"event":"pusher:signin"})"), "Missing parameter: data.auth");
  EXPECT_EQ(fault_of(with_data("pusher:signin", R"({"user_data":"{}"})")), "Missing parameter: data.auth");
  EXPECT_EQ(fault_of(with_data("pusher:signin", R"({"auth":"k:s"})")), "Missing parameter: data.user_data");
  EXPECT_EQ(fault_of(with_data("pusher:signin", R"({"auth":"k:s","user_data":{"id":"u7"}})")),
            "Missing parameter: data.user_data");
  EXPECT_EQ(fault_of(with_data("pusher:signin", R"({"auth":[],"user_data":"{}"})")),
            "Invalid format: auth must have the format key:signature");
}

TEST(InboundEventTest, ClientEventsKeepTheirTokens) {
  const std::string message =
      R"({"event":"client-\u0074yping","channel":"presence-room","data": "{\"on\":\u0074rue}" })";
  const auto event = decoded<ClientEvent>(message);
  EXPECT_EQ(event.event, "client-typing");
  EXPECT_EQ(event.event_token, R"("client-\u0074yping")");
  EXPECT_EQ(event.channel, "presence-room");
  EXPECT_TRUE(event.data.is_string);
  EXPECT_EQ(event.data.token, R"("{\"on\":\u0074rue}")");
  EXPECT_EQ(event.data.text, R"({"on":true})");
  EXPECT_EQ(event.data.bytes(), 11U);
  std::string token;
  append_data_token(token, event.data);
  EXPECT_EQ(token, event.data.token);
}

TEST(InboundEventTest, OtherDataOfClientEventsBecomesCompactJson) {
  const std::pair<std::string, std::string> cases[] = {{R"({ "on" : true })", R"({"on":true})"},
                                                       {"[1, 2.50]", "[1,2.50]"},
                                                       {"null", "null"},
                                                       {"12", "12"},
                                                       {"{}", "{}"}};
  for (const auto& [data, text] : cases) {
    const std::string message = R"({"event":"client-x","channel":"private-a","data":)" + data + "}";
    const auto event = decoded<ClientEvent>(message);
    EXPECT_FALSE(event.data.is_string);
    EXPECT_EQ(event.data.text, text);
    std::string kept;
    append_data_token(kept, event.data, true);
    EXPECT_EQ(kept, text);
  }
  const std::string message = R"({"event":"client-x","channel":"private-a","data":{"a":"\n\""}})";
  std::string token;
  append_data_token(token, decoded<ClientEvent>(message).data);
  EXPECT_EQ(token, R"("{\"a\":\"\\n\\\"\"}")");
}

TEST(InboundEventTest, ClientEventsWithoutChannelOrData) {
  const std::string fault = "Invalid client event (must contain channel and data)";
  EXPECT_EQ(fault_of(R"({"event":"client-x","data":"1"})"), fault);
  EXPECT_EQ(fault_of(R"({"event":"client-x","channel":"private-a"})"), fault);
  EXPECT_EQ(fault_of(R"({"event":"client-x","channel":7,"data":"1"})"), fault);
  EXPECT_EQ(fault_of(R"({"event":"client-x","channel":null,"data":"1"})"), fault);
}

TEST(InboundEventTest, EverythingElseIsUnknown) {
  for (const char* name : {"order.created", "pusher:subscribed", "pusher:error", "pusher_internal:x", "client", ""}) {
    EXPECT_EQ(decoded<UnknownEvent>(with_data(name, "{}")).event, name);
  }
  EXPECT_EQ(unsupported_event_message("x"), "Unsupported event received on socket: x");
  EXPECT_LT(unsupported_event_message(std::string(100'000, 'x')).size(), 400U);
}

TEST(InboundEventTest, BrokenEnvelopes) {
  EXPECT_THAT(fault_of(""), StartsWith("Invalid event: invalid JSON at byte 0: "));
  EXPECT_EQ(fault_of("[]"), "Invalid event: expected a JSON object, found an array");
  EXPECT_EQ(fault_of("\"pusher:ping\""), "Invalid event: expected a JSON object, found a string");
  EXPECT_EQ(fault_of("{}"), "Missing parameter: event");
  EXPECT_EQ(fault_of(R"({"event":1})"), "Invalid event: expected a string in event, found a number");
  EXPECT_THAT(fault_of(R"({"event":"pusher:ping"} {})"), StartsWith("Invalid event: invalid JSON at byte 24: "));
  EXPECT_NE(fault_of(R"({"event":"client-x","channel":"private-a","data":"\ud800"})"), "");
  EXPECT_NE(fault_of("{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":\"\xFF\"}"), "");
  EXPECT_NE(fault_of(R"({"event":"client-x","channel":"private-a","data":)" + std::string(40, '[') +
                     std::string(40, ']') + "}"),
            "");
}

TEST(InboundEventTest, TheLastOfARepeatedKeyCounts) {
  EXPECT_EQ(decoded<UnknownEvent>(R"({"event":"pusher:ping","event":"x"})").event, "x");
}

}  // namespace
}  // namespace fanfare::pusher
