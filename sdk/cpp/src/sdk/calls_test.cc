#include "sdk/calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::ElementsAre;
using testing::Pair;

class SdkCallsTest : public testing::Test {
 protected:
  const Settings settings_ =
      *check_options({.app_id = "42", .key = "k", .secret = "s", .host = "127.0.0.1", .use_tls = false});
};

TEST_F(SdkCallsTest, ReadsHaveTheirPathsAndParameters) {
  const auto channels = channels_call(settings_, {.prefix = "presence-", .user_count = true});
  EXPECT_EQ(channels->method, "GET");
  EXPECT_EQ(channels->url_path, "/apps/42/channels");
  EXPECT_THAT(channels->parameters, ElementsAre(Pair("filter_by_prefix", "presence-"), Pair("info", "user_count")));
  EXPECT_TRUE(channels->is_repeatable);

  const auto channel = channel_call(settings_, "private-cache-a@b,c", {.subscription_count = true, .cache = true});
  EXPECT_EQ(channel->path, "/apps/42/channels/private-cache-a@b,c");
  EXPECT_EQ(channel->url_path, channel->path);
  EXPECT_THAT(channel->parameters, ElementsAre(Pair("info", "subscription_count,cache")));

  EXPECT_EQ(users_call(settings_, "presence-a")->path, "/apps/42/channels/presence-a/users");
  EXPECT_THAT(channels_call(settings_, {})->parameters, testing::IsEmpty());
}

TEST_F(SdkCallsTest, ReadsThatMakeNoSenseAreNotSent) {
  EXPECT_FALSE(channels_call(settings_, {.user_count = true}).ok());
  EXPECT_FALSE(channels_call(settings_, {.prefix = "private-", .user_count = true}).ok());
  EXPECT_FALSE(channels_call(settings_, {.prefix = "\xFF"}).ok());
  EXPECT_FALSE(channel_call(settings_, "a/b", {}).ok());
  EXPECT_FALSE(channel_call(settings_, "orders", {.user_count = true}).ok());
  EXPECT_FALSE(channel_call(settings_, "orders", {.cache = true}).ok());
  EXPECT_FALSE(users_call(settings_, "orders").ok());
}

TEST_F(SdkCallsTest, AnyUserIdIsOneSegmentOfThePath) {
  const auto call = terminate_call(settings_, "a/b?c#d e");
  EXPECT_EQ(call->method, "POST");
  EXPECT_EQ(call->path, "/apps/42/users/a/b?c#d e/terminate_connections");
  EXPECT_EQ(call->url_path, "/apps/42/users/a%2Fb%3Fc%23d%20e/terminate_connections");
  EXPECT_EQ(call->body, "{}");
  EXPECT_FALSE(call->is_repeatable);
  EXPECT_FALSE(terminate_call(settings_, "").ok());
}

TEST_F(SdkCallsTest, AKickNamesChannelAndUser) {
  EXPECT_EQ(kick_call(settings_, "presence-a", "u7")->path, "/apps/42/channels/presence-a/users/u7/kick");
  EXPECT_FALSE(kick_call(settings_, "a b", "u7").ok());
  EXPECT_FALSE(kick_call(settings_, "presence-a", "").ok());
}

TEST_F(SdkCallsTest, GenericPathsStandBehindTheApp) {
  EXPECT_EQ(get_call(settings_, "/channels", {})->path, "/apps/42/channels");
  EXPECT_EQ(get_call(settings_, "/a b", {})->url_path, "/apps/42/a%20b");
  for (const char* path : {"", "channels", "../7/channels", "/a\nb", "/\xFF"}) {
    EXPECT_FALSE(get_call(settings_, path, {}).ok()) << path;
    EXPECT_FALSE(post_call(settings_, path, "{}", {}, "").ok()) << path;
  }
  EXPECT_FALSE(post_call(settings_, "/events", "{}", {}, "a\nb").ok());
  for (const char* name : {"auth_key", "auth_signature", "body_md5", "\xFF"}) {
    EXPECT_FALSE(get_call(settings_, "/channels", {{name, "x"}}).ok()) << name;
  }
}

TEST_F(SdkCallsTest, TheCallersIdempotencyKeyIsKept) {
  EXPECT_EQ(trigger_call(settings_, {.channels = {"a"}, .name = "x", .idempotency_key = "mine"})->idempotency_key,
            "mine");
  const std::vector<BatchEvent> batch{{.channel = "a", .name = "x"}};
  EXPECT_EQ(trigger_batch_call(settings_, batch, "mine")->idempotency_key, "mine");
  EXPECT_EQ(trigger_batch_call(settings_, batch, "")->idempotency_key.size(), 32U);
  EXPECT_FALSE(trigger_batch_call(settings_, batch, std::string(256, 'k')).ok());
}

}  // namespace
}  // namespace fanfare::sdk
