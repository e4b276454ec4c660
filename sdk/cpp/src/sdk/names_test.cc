#include "fanfare/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fanfare/agent_events.h"

namespace fanfare::sdk {
namespace {

using testing::HasSubstr;

TEST(SdkNamesTest, TypesFollowFromWholePrefixes) {
  EXPECT_EQ(channel_type("orders"), ChannelType::kPublic);
  EXPECT_EQ(channel_type("privateer"), ChannelType::kPublic);
  EXPECT_EQ(channel_type("private-x"), ChannelType::kPrivate);
  EXPECT_EQ(channel_type("presence-x"), ChannelType::kPresence);
  EXPECT_EQ(channel_type("private-encrypted-x"), ChannelType::kEncrypted);
  EXPECT_EQ(channel_type("private-encrypted-cache-x"), ChannelType::kEncrypted);
  EXPECT_EQ(channel_type("#server-to-user-7"), ChannelType::kServerToUser);
  EXPECT_TRUE(is_cache_channel("cache-x"));
  EXPECT_TRUE(is_cache_channel("private-encrypted-cache-x"));
  EXPECT_FALSE(is_cache_channel("private-x"));
  EXPECT_TRUE(needs_authorization("presence-x"));
  EXPECT_FALSE(needs_authorization("#server-to-user-7"));
}

TEST(SdkNamesTest, ChannelNamesHoldTheirCharactersAndBound) {
  EXPECT_TRUE(check_channel_name("A-z0_9=@,.;").ok());
  EXPECT_TRUE(check_channel_name("#server-to-user-7").ok());
  EXPECT_TRUE(check_channel_name(std::string(164, 'a')).ok());
  EXPECT_TRUE(check_channel_name(std::string(200, 'a'), {.channel_name_chars_max = 200}).ok());
  for (const std::string& name : {std::string(), std::string("a:b"), std::string("a b"), std::string("a/b"),
                                  std::string("Zoë"), std::string("a\n"), std::string("#x"), std::string(165, 'a')}) {
    const Status checked = check_channel_name(name);
    ASSERT_FALSE(checked.ok()) << name;
    EXPECT_EQ(checked.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(checked.error().message, HasSubstr("Invalid channel name"));
  }
}

TEST(SdkNamesTest, EventNamesAreCountedInCharactersAndMayNotBeReserved) {
  EXPECT_TRUE(check_event_name("a").ok());
  EXPECT_TRUE(check_event_name("client-x").ok());
  std::string umlauts;
  for (int i = 0; i < 200; ++i) umlauts += "ü";
  EXPECT_TRUE(check_event_name(umlauts).ok());
  EXPECT_FALSE(check_event_name(umlauts + "x").ok());
  EXPECT_FALSE(check_event_name("").ok());
  EXPECT_FALSE(check_event_name("pusher:x").ok());
  EXPECT_FALSE(check_event_name("pusher_internal:x").ok());
  EXPECT_FALSE(check_event_name("\xFF").ok());
}

TEST(SdkNamesTest, SocketIdsAreTwoNumbersAndADot) {
  EXPECT_TRUE(check_socket_id("218.4471").ok());
  for (const char* id : {"", "1", "1.", ".1", "1.2.3", "1.2:private-x", "1.2\n", "a.b", " 1.2", "\xFF"}) {
    EXPECT_FALSE(check_socket_id(id).ok()) << id;
  }
  EXPECT_FALSE(check_socket_id(std::string(100, '1') + ".1").ok());
}

TEST(SdkNamesTest, UserIdsMayBeAnyTextButOnlySomeStandInAChannelName) {
  EXPECT_TRUE(check_user_id("u7").ok());
  EXPECT_TRUE(check_user_id("e:1").ok());
  EXPECT_TRUE(check_user_id("Zoë").ok());
  EXPECT_TRUE(check_user_id(std::string(128, 'a'), true).ok());
  EXPECT_FALSE(check_user_id("").ok());
  EXPECT_FALSE(check_user_id(std::string(129, 'a')).ok());
  EXPECT_FALSE(check_user_id("a\nb").ok());
  EXPECT_FALSE(check_user_id("\xC3").ok());
  const Status checked = check_user_id("e:1", true);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().message, HasSubstr("A-Za-z0-9_-=@,.;"));
  EXPECT_EQ(server_to_user_channel("u7"), "#server-to-user-u7");
}

TEST(SdkNamesTest, EveryAgentEventIsANameThatCanBePublished) {
  for (const std::string_view name : agent_events::kAll) EXPECT_TRUE(check_event_name(name).ok()) << name;
}

}  // namespace
}  // namespace fanfare::sdk
