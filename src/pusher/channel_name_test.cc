#include "pusher/channel_name.h"

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

TEST(ChannelNameTest, TheLongestPrefixDecides) {
  const std::pair<std::string_view, ChannelTraits> cases[] = {
      {"private-encrypted-cache-x", {ChannelKind::kPrivateEncrypted, true}},
      {"private-encrypted-x", {ChannelKind::kPrivateEncrypted, false}},
      {"private-encrypted-cach", {ChannelKind::kPrivateEncrypted, false}},
      {"private-cache-x", {ChannelKind::kPrivate, true}},
      {"private-x", {ChannelKind::kPrivate, false}},
      {"private-", {ChannelKind::kPrivate, false}},
      {"private-encrypted", {ChannelKind::kPrivate, false}},
      {"presence-cache-x", {ChannelKind::kPresence, true}},
      {"presence-x", {ChannelKind::kPresence, false}},
      {"cache-x", {ChannelKind::kPublic, true}},
      {"#server-to-user-u7", {ChannelKind::kServerToUser, false}},
      {"orders", {ChannelKind::kPublic, false}},
  };
  for (const auto& [name, traits] : cases) EXPECT_EQ(channel_traits(name), traits) << name;
}

TEST(ChannelNameTest, PrefixesAreAnchoredAndHaveTheirDash) {
  for (const char* name : {"privateer", "private", "presence", "presencex-", "cache", "cachefoo", "my-private-x",
                           "xprivate-x", "Private-x", "PRESENCE-x", "-private-x", "#server-to-user", ""}) {
    EXPECT_EQ(channel_traits(name), ChannelTraits{}) << name;
  }
}

TEST(ChannelNameTest, KindsSayWhatIsAllowed) {
  const auto traits = [](std::string_view name) { return channel_traits(name); };
  EXPECT_FALSE(traits("orders").needs_auth());
  EXPECT_FALSE(traits("cache-orders").needs_auth());
  EXPECT_FALSE(traits("#server-to-user-u7").needs_auth());
  EXPECT_TRUE(traits("private-x").needs_auth());
  EXPECT_TRUE(traits("presence-x").needs_auth());
  EXPECT_TRUE(traits("private-encrypted-x").needs_auth());

  EXPECT_TRUE(traits("private-cache-x").allows_client_events());
  EXPECT_TRUE(traits("presence-x").allows_client_events());
  EXPECT_FALSE(traits("private-encrypted-x").allows_client_events());
  EXPECT_FALSE(traits("orders").allows_client_events());
  EXPECT_FALSE(traits("#server-to-user-u7").allows_client_events());

  EXPECT_TRUE(traits("orders").has_subscription_count());
  EXPECT_TRUE(traits("private-encrypted-cache-x").has_subscription_count());
  EXPECT_FALSE(traits("presence-cache-x").has_subscription_count());
  EXPECT_FALSE(traits("#server-to-user-u7").has_subscription_count());

  EXPECT_TRUE(traits("presence-x").has_members());
  EXPECT_FALSE(traits("private-x").has_members());
  EXPECT_FALSE(traits("#server-to-user-u7").is_listed());
}

TEST(ChannelNameTest, EveryByteIsInTheCharsetOrRefused) {
  constexpr std::string_view kCharset = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;";
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    EXPECT_EQ(is_valid_channel_name(std::string("a") + c), kCharset.find(c) != std::string_view::npos) << byte;
    EXPECT_EQ(parse_channel_name(std::string("a") + c).ok(), kCharset.find(c) != std::string_view::npos) << byte;
  }
}

TEST(ChannelNameTest, LengthEndsAt164) {
  EXPECT_FALSE(is_valid_channel_name(""));
  EXPECT_TRUE(is_valid_channel_name("a"));
  EXPECT_TRUE(is_valid_channel_name(std::string(163, 'a')));
  EXPECT_TRUE(is_valid_channel_name(std::string(164, 'a')));
  EXPECT_FALSE(is_valid_channel_name(std::string(165, 'a')));
  EXPECT_TRUE(is_valid_channel_name(std::string(200, 'a'), 200));
  EXPECT_FALSE(is_valid_channel_name(std::string(201, 'a'), 200));
}

TEST(ChannelNameTest, TheHashIsForServerToUserOnly) {
  EXPECT_TRUE(is_valid_channel_name("#server-to-user-u7"));
  EXPECT_TRUE(is_valid_channel_name("#server-to-user-" + std::string(164, 'u')));
  EXPECT_FALSE(is_valid_channel_name("#server-to-user-" + std::string(165, 'u')));
  EXPECT_FALSE(is_valid_channel_name("#server-to-user-"));
  EXPECT_FALSE(is_valid_channel_name("#server-to-user-a b"));
  EXPECT_FALSE(is_valid_channel_name("#server-to-user"));
  EXPECT_FALSE(is_valid_channel_name("#orders"));
}

TEST(ChannelNameTest, ErrorsSayWhatIsWrong) {
  EXPECT_EQ(parse_channel_name("").error().message,
            "Invalid channel name:  (it is empty, at least 1 character is expected)");
  EXPECT_EQ(parse_channel_name("a b").error().message,
            "Invalid channel name: a b (' ' is not one of A-Za-z0-9_-=@,.;)");
  EXPECT_EQ(parse_channel_name("zoë").error().message,
            "Invalid channel name: zoë ('ë' is not one of A-Za-z0-9_-=@,.;)");
  EXPECT_EQ(parse_channel_name("abcd", 3).error().message,
            "Invalid channel name: abcd (it is 4 characters, at most 3 are allowed)");
  EXPECT_EQ(parse_channel_name("private-x")->kind, ChannelKind::kPrivate);
}

TEST(ChannelNameTest, AnErrorRepeatsABoundedPartOfTheName) {
  EXPECT_LT(parse_channel_name(std::string(100'000, 'a')).error().message.size(), 400U);
}

TEST(ChannelNameTest, FindsTheUserOfAServerToUserChannel) {
  EXPECT_EQ(server_to_user_id("#server-to-user-u7"), "u7");
  EXPECT_EQ(server_to_user_id("orders"), "");
  EXPECT_EQ(server_to_user_channel("u7"), "#server-to-user-u7");
}

}  // namespace
}  // namespace fanfare::pusher
