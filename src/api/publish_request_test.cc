#include "api/publish_request.h"

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "json/json_writer.h"

namespace fanfare::api {
namespace {

class PublishRequestTest : public testing::Test {
 protected:
  PublishRequestTest() { app_.id = "1"; }

  // The error's text, or "" for success.
  std::string refusal(std::string_view body, const QueryParameters& query = {}) {
    const auto parsed = parser_.parse_event(body, query, app_);
    if (!parsed.ok()) kind_ = parsed.error().kind;
    return parsed.ok() ? "" : parsed.error().message;
  }
  const PublishRequest& parse(std::string_view body, QueryParameters query = {}) {
    query_ = std::move(query);  // channels point into it
    const auto parsed = parser_.parse_event(body, query_, app_);
    EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().message);
    static const PublishRequest kNone;
    return parsed.ok() ? **parsed : kNone;
  }
  static std::string with_name(std::string_view name) {
    std::string token;
    json::append_string(token, name);
    return R"({"name":)" + token + R"(,"channel":"a","data":"1"})";
  }
  static std::string with_data(std::size_t bytes) {
    return R"({"name":"e","channel":"a","data":")" + std::string(bytes, 'x') + "\"}";
  }
  static std::string with_channels(std::size_t count) {
    std::string body = R"({"name":"e","data":"1","channels":[)";
    for (std::size_t i = 0; i < count; ++i) body += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + '"';
    return body + "]}";
  }

  core::App app_;
  PublishParser parser_;
  QueryParameters query_;
  ErrorKind kind_ = ErrorKind::kIo;
};

TEST_F(PublishRequestTest, KeepsNameAndDataAsTheTokensThatCame) {
  const PublishRequest& request = parse(R"({"name":"or\u0064er","channels":["a","b"],"data":"{\"n\":1}"})");
  EXPECT_EQ(request.event.name, R"("or\u0064er")");
  EXPECT_EQ(request.event.data, R"("{\"n\":1}")");
  EXPECT_EQ(request.channels, (std::vector<std::string_view>{"a", "b"}));
  EXPECT_FALSE(request.info.any());
  EXPECT_EQ(request.except, core::ConnectionRef());
}

TEST_F(PublishRequestTest, AnyOtherDataBecomesTheStringItMeant) {
  EXPECT_EQ(parse(R"({"name":"e","channel":"a","data":{ "n" : [1, "é"] }})").event.data, R"("{\"n\":[1,\"é\"]}")");
  EXPECT_EQ(parse(R"({"name":"e","channel":"a","data":7})").event.data, R"("7")");
  EXPECT_EQ(parse(R"({"name":"e","channel":"a","data":""})").event.data, R"("")");
}

TEST_F(PublishRequestTest, NameAndDataAreRequired) {
  EXPECT_EQ(refusal(R"({"channel":"a","data":"1"})"), "Expected name parameter to be a string, but it is missing");
  EXPECT_EQ(refusal(R"({"name":"e","channel":"a"})"), "Expected data parameter to be a string, but it is missing");
  for (const std::string_view name : {"7", "null", "[]", "{}", "true"}) {
    const std::string text = refusal(R"({"channel":"a","data":"1","name":)" + std::string(name) + "}");
    EXPECT_TRUE(text.starts_with("Expected name parameter to be a string, found")) << text;
  }
  EXPECT_TRUE(refusal(R"({"name":"e","channel":"a","data":null})").starts_with("Expected data parameter"));
  EXPECT_EQ(kind_, ErrorKind::kInvalid);
}

TEST_F(PublishRequestTest, TheNameIsBoundedInCharacters) {
  app_.limits.event_name_chars = 5;
  EXPECT_NE(refusal(with_name("")), "");
  EXPECT_EQ(refusal(with_name("e")), "");
  EXPECT_EQ(refusal(with_name("1234")), "");
  EXPECT_EQ(refusal(with_name("12345")), "");
  EXPECT_EQ(refusal(with_name("éé123")), "");
  EXPECT_EQ(refusal(with_name("123456")), "The event name has 6 characters, at most 5 are allowed");
  EXPECT_EQ(kind_, ErrorKind::kInvalid);
}

TEST_F(PublishRequestTest, ReservedNamesAreRefusedAndClientOnesPass) {
  for (const std::string_view name : {"pusher:ping", "pusher_internal:member_added", "pusher:"}) {
    EXPECT_TRUE(refusal(with_name(name)).starts_with("Invalid event name")) << name;
  }
  for (const std::string_view name : {"pusher", "pusherly:x", "client-typing", "Pusher:x"}) {
    EXPECT_EQ(refusal(with_name(name)), "") << name;
  }
}

TEST_F(PublishRequestTest, DataIsBoundedInDecodedBytes) {
  EXPECT_EQ(refusal(with_data(10'239)), "");
  EXPECT_EQ(refusal(with_data(10'240)), "");
  EXPECT_TRUE(refusal(with_data(10'241))
                  .starts_with("The data content of this event exceeds the allowed maximum "
                               "(10240 bytes). See https://pusher.com/docs/"));
  EXPECT_EQ(kind_, ErrorKind::kTooLarge);
  app_.limits.event_data_bytes = 2;
  EXPECT_EQ(refusal(R"({"name":"e","channel":"a","data":"\u00e9"})"), "");
  EXPECT_EQ(refusal(R"({"name":"e","channel":"a","data":"\n\n"})"), "");
  EXPECT_NE(refusal(R"({"name":"e","channel":"a","data":"\u20ac"})"), "");
  EXPECT_EQ(refusal(R"({"name":"e","channel":"a","data": { } })"), "");
  EXPECT_NE(refusal(R"({"name":"e","channel":"a","data":{"a":1}})"), "");
  app_.limits.event_data_bytes = 0;
  EXPECT_EQ(refusal(with_data(100'000)), "");
}

TEST_F(PublishRequestTest, ChannelsAreBoundedAndEachOnce) {
  EXPECT_EQ(refusal(with_channels(99)), "");
  EXPECT_EQ(refusal(with_channels(100)), "");
  EXPECT_EQ(refusal(with_channels(101)), "An event can be published to at most 100 channels at once, found 101");
  EXPECT_EQ(refusal(with_channels(0)), "Missing required parameter: channels (or channel)");
  EXPECT_EQ(parse(R"({"name":"e","data":"1","channels":["a","b","a"]})").channels,
            (std::vector<std::string_view>{"a", "b"}));
}

TEST_F(PublishRequestTest, ChannelsWinOverChannel) {
  EXPECT_EQ(parse(R"({"name":"e","data":"1","channel":"x","channels":["a"]})").channels,
            std::vector<std::string_view>{"a"});
  EXPECT_EQ(parse(R"({"name":"e","data":"1","channel":"x"})").channels, std::vector<std::string_view>{"x"});
  EXPECT_EQ(parse(R"({"name":"e","data":"1","channel":"x","channels":null})").channels,
            std::vector<std::string_view>{"x"});
  EXPECT_EQ(parse(R"({"name":"e","data":"1","channel":null,"channels":["a"]})").channels,
            std::vector<std::string_view>{"a"});
  EXPECT_EQ(refusal(R"({"name":"e","data":"1","channel":null})"), "Missing required parameter: channels (or channel)");
}

TEST_F(PublishRequestTest, EveryChannelNameIsChecked) {
  for (const std::string_view channel : {"", "a b", "a/b", "é", "#other", "#server-to-user-"}) {
    const std::string text = refusal(R"({"name":"e","data":"1","channels":["ok",")" + std::string(channel) + "\"]}");
    EXPECT_TRUE(text.starts_with("Invalid channel name")) << channel << ": " << text;
  }
  EXPECT_EQ(refusal(R"({"name":"e","data":"1","channel":"#server-to-user-u7"})"), "");
  EXPECT_EQ(refusal(R"({"name":"e","data":"1","channel":")" + std::string(164, 'c') + "\"}"), "");
  EXPECT_NE(refusal(R"({"name":"e","data":"1","channel":")" + std::string(165, 'c') + "\"}"), "");
  EXPECT_TRUE(refusal(R"({"name":"e","data":"1","channels":[7]})").starts_with("Expected channels[] parameter"));
  EXPECT_TRUE(refusal(R"({"name":"e","data":"1","channels":"a"})").starts_with("Expected channels parameter"));
  EXPECT_TRUE(refusal(R"({"name":"e","data":"1","channel":["a"]})").starts_with("Expected channel parameter"));
}

TEST_F(PublishRequestTest, TheSocketIdExcludesOrIsRefused) {
  const auto with = [](std::string_view id) {
    return R"({"name":"e","channel":"a","data":"1","socket_id":)" + std::string(id) + "}";
  };
  EXPECT_EQ(parse(with(R"("12.34")")).except, core::ConnectionRef(pusher::SocketId{12, 34}));
  EXPECT_EQ(parse(with("null")).except, core::ConnectionRef());
  // Well-formed, and none of ours.
  EXPECT_EQ(parse(with(R"("99999999999999.1")")).except, core::ConnectionRef());
  for (const std::string_view bad : {R"("")", R"("12")", R"("12.")", R"("a.b")", R"("1.2.3")", R"("1.2\n")", "1.2"}) {
    EXPECT_NE(refusal(with(bad)), "") << bad;
    EXPECT_EQ(kind_, ErrorKind::kInvalid);
  }
}

TEST_F(PublishRequestTest, InfoNamesKnownAttributesOnly) {
  const auto with = [](std::string_view info) {
    return R"({"name":"e","channel":"a","data":"1","info":")" + std::string(info) + "\"}";
  };
  EXPECT_TRUE(parse(with("user_count")).info.user_count);
  EXPECT_FALSE(parse(with("")).info.any());
  EXPECT_NE(refusal(with("subscription_count")).find("not enabled"), std::string::npos);
  app_.switches.subscription_count = true;
  EXPECT_TRUE(parse(with("user_count, subscription_count")).info.subscription_count);
  for (const std::string_view bad : {"members", "user_count,members", "cache", "user_count,,subscription_count"}) {
    EXPECT_TRUE(refusal(with(bad)).starts_with("info should be a comma separated list of attributes")) << bad;
  }
}

TEST_F(PublishRequestTest, ParametersMayAllBeInTheQuery) {
  const PublishRequest& request = parse("", {{"name", "e\"1"},
                                             {"data", "line\nbreak"},
                                             {"channels[]", "a"},
                                             {"channels[]", "b"},
                                             {"socket_id", "1.2"},
                                             {"info", "user_count"}});
  EXPECT_EQ(request.event.name, R"("e\"1")");
  EXPECT_EQ(request.event.data, R"("line\nbreak")");
  EXPECT_EQ(request.channels, (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(request.except, core::ConnectionRef(pusher::SocketId{1, 2}));
  EXPECT_TRUE(request.info.user_count);
}

TEST_F(PublishRequestTest, TheBodyWinsOverTheQuery) {
  const PublishRequest& request =
      parse(R"({"name":"body","channel":"a"})", {{"name", "query"}, {"channel", "b"}, {"data", "1"}});
  EXPECT_EQ(request.event.name, R"("body")");
  EXPECT_EQ(request.event.data, R"("1")");
  EXPECT_EQ(request.channels, std::vector<std::string_view>{"a"});
}

TEST_F(PublishRequestTest, TextOfTheQueryMustBeUtf8) {
  EXPECT_EQ(refusal("", {{"name", "\xff"}, {"data", "1"}, {"channel", "a"}}),
            "Expected name parameter to be UTF-8 text");
  EXPECT_EQ(refusal("", {{"name", "e"}, {"data", "\xc3"}, {"channel", "a"}}),
            "Expected data parameter to be UTF-8 text");
  EXPECT_NE(refusal("", {{"name", "e"}, {"data", "1"}, {"channel", "\xff"}}), "");
}

TEST_F(PublishRequestTest, WhatIsNoObjectIsRefused) {
  for (const std::string_view body : {"[]", "7", "{", "null", "{} x", "{\"name\":\"\xff\"}"}) {
    EXPECT_NE(refusal(body), "") << body;
    EXPECT_EQ(kind_, ErrorKind::kInvalid);
  }
}

TEST_F(PublishRequestTest, ABatchKeepsTheViewsOfAllItsEvents) {
  const auto parsed = parser_.parse_batch(
      R"({"batch":[{"name":"a","channel":"one","data":{"n":1}},{"name":"b","channel":"two","data":"2","socket_id":"1.2"}]})",
      app_);
  ASSERT_TRUE(parsed.ok());
  const std::vector<PublishRequest>& events = **parsed;
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].event.name, R"("a")");
  EXPECT_EQ(events[0].event.data, R"("{\"n\":1}")");
  EXPECT_EQ(events[0].channels, std::vector<std::string_view>{"one"});
  EXPECT_EQ(events[0].except, core::ConnectionRef());
  EXPECT_EQ(events[1].event.data, R"("2")");
  EXPECT_EQ(events[1].channels, std::vector<std::string_view>{"two"});
  EXPECT_EQ(events[1].except, core::ConnectionRef(pusher::SocketId{1, 2}));
}

TEST_F(PublishRequestTest, ABatchIsBoundedAndAllOrNothing) {
  const auto batch_of = [&](std::size_t count, const std::string& last = R"({"name":"e","channel":"a","data":"1"})") {
    std::string body = R"({"batch":[)";
    for (std::size_t i = 1; i < count; ++i) body += R"({"name":"e","channel":"a","data":"1"},)";
    return parser_.parse_batch(body + (count == 0 ? "" : last) + "]}", app_);
  };
  EXPECT_TRUE(batch_of(0).ok());
  EXPECT_TRUE(batch_of(9).ok());
  EXPECT_EQ((*batch_of(10))->size(), 10U);
  const auto large = batch_of(11);
  ASSERT_FALSE(large.ok());
  EXPECT_EQ(large.error().message, "Batch too large (11 > 10)");

  const auto oversize = batch_of(3, with_data(10'241));
  ASSERT_FALSE(oversize.ok());
  EXPECT_EQ(oversize.error().kind, ErrorKind::kTooLarge);
  EXPECT_TRUE(oversize.error().message.ends_with(" (batch[2])"));
  for (const std::string_view bad :
       {"7", R"({"name":"e","data":"1"})", R"({"name":"e","data":"1","channels":["a"]})"}) {
    const auto refused = batch_of(2, std::string(bad));
    ASSERT_FALSE(refused.ok()) << bad;
    EXPECT_TRUE(refused.error().message.ends_with(" (batch[1])")) << refused.error().message;
  }
  EXPECT_FALSE(parser_.parse_batch("", app_).ok());
  EXPECT_FALSE(parser_.parse_batch(R"({"batch":{}})", app_).ok());
}

TEST_F(PublishRequestTest, TheDeprecatedFormTakesTheBodyAsItIs) {
  const auto parsed = parser_.parse_legacy("a", "not \"JSON\"", {{"name", "e"}, {"socket_id", "1.2"}}, app_);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ((*parsed)->event.data, R"("not \"JSON\"")");
  EXPECT_EQ((*parsed)->channels, std::vector<std::string_view>{"a"});
  EXPECT_EQ((*parsed)->except, core::ConnectionRef(pusher::SocketId{1, 2}));
  EXPECT_FALSE(parser_.parse_legacy("a", "1", {}, app_).ok());
  EXPECT_FALSE(parser_.parse_legacy("a", "\xff", {{"name", "e"}}, app_).ok());
  EXPECT_FALSE(parser_.parse_legacy("a b", "1", {{"name", "e"}}, app_).ok());
}

}  // namespace
}  // namespace fanfare::api
