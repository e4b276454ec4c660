#include "pusher/event_name.h"

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

TEST(EventNameTest, PrefixesAreMatchedWhole) {
  EXPECT_TRUE(is_client_event("client-typing"));
  EXPECT_FALSE(is_client_event("client"));
  EXPECT_FALSE(is_client_event("Client-typing"));
  EXPECT_TRUE(is_reserved_event("pusher:subscribe"));
  EXPECT_TRUE(is_reserved_event("pusher_internal:member_added"));
  EXPECT_FALSE(is_reserved_event("pusher"));
  EXPECT_FALSE(is_reserved_event("pusher_internal"));
  EXPECT_FALSE(is_reserved_event("pushers:x"));
}

TEST(EventNameTest, CountsCharactersNotBytes) {
  EXPECT_EQ(count_chars(""), 0U);
  EXPECT_EQ(count_chars("abc"), 3U);
  EXPECT_EQ(count_chars("Zoë€😀"), 5U);
}

TEST(EventName, ComparesCharactersWithALimit) {
  EXPECT_FALSE(has_more_chars_than("", 0));
  EXPECT_TRUE(has_more_chars_than("a", 0));
  EXPECT_FALSE(has_more_chars_than("Zoë€😀", 5));
  EXPECT_TRUE(has_more_chars_than("Zoë€😀", 4));
}

}  // namespace
}  // namespace fanfare::pusher
