#include "cli/api_call.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

TEST(ApiCallTest, EncodesEachPartOfThePath) {
  const Target target{.host = "h", .port = 1, .app_id = "a/7", .key = {}, .secret = {}};
  EXPECT_EQ(api_path(target, {.path = "/channels"}), "/apps/a%2F7/channels");
  EXPECT_EQ(api_path(target, {.path = "/channels/a=@,.;b/users"}), "/apps/a%2F7/channels/a%3D%40%2C.%3Bb/users");
}

}  // namespace
}  // namespace fanfare::cli
