#include "core/event_cache.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

using namespace std::chrono_literals;

class EventCacheTest : public testing::Test {
 protected:
  static StoredEventRef event(std::string_view data) { return StoredEventRef(new StoredEvent({"\"e\"", data, {}})); }
  static ChannelRef channel(const std::string& name) { return make_channel_ref(ChannelView({}, name)); }
  static std::string found(EventCache& cache, const std::string& name, MonotonicTime now) {
    const EventCache::Entry* entry = cache.find(ChannelView({}, name), now);
    return entry == nullptr ? "nothing" : std::string(entry->event->tokens().data);
  }

  const MonotonicTime start_{1h};
  CoreStats stats_;
};

TEST_F(EventCacheTest, TheLastEventOfAChannelIsKept) {
  EventCache cache(10, 1000, stats_);
  cache.store(channel("cache-a"), event("1"), start_ + 1s);
  cache.store(channel("cache-b"), event("2"), start_ + 1s);
  cache.store(channel("cache-a"), event("3"), start_ + 1s);
  EXPECT_EQ(found(cache, "cache-a", start_), "3");
  EXPECT_EQ(found(cache, "cache-b", start_), "2");
  EXPECT_EQ(found(cache, "cache-c", start_), "nothing");
  EXPECT_EQ(stats_.cached_events.value(), 2);
  EXPECT_EQ(stats_.cached_bytes.value(), 2 * (7 + 3 + 1));
}

TEST_F(EventCacheTest, AnEventIsGoneAtItsExpiryAndNotBefore) {
  EventCache cache(10, 1000, stats_);
  cache.store(channel("cache-a"), event("1"), start_ + 10s);
  EXPECT_EQ(found(cache, "cache-a", start_ + 10s - 1ns), "1");
  EXPECT_EQ(found(cache, "cache-a", start_ + 10s), "nothing");
  EXPECT_EQ(stats_.cached_events.value(), 0);
  EXPECT_EQ(stats_.cached_bytes.value(), 0);
}

TEST_F(EventCacheTest, TheOneStoredLongestAgoMakesRoom) {
  EventCache cache(2, 1000, stats_);
  cache.store(channel("cache-a"), event("1"), start_ + 1s);
  cache.store(channel("cache-b"), event("2"), start_ + 1s);
  cache.store(channel("cache-a"), event("3"), start_ + 1s);  // now b is the oldest
  cache.store(channel("cache-c"), event("4"), start_ + 1s);
  EXPECT_EQ(found(cache, "cache-a", start_), "3");
  EXPECT_EQ(found(cache, "cache-b", start_), "nothing");
  EXPECT_EQ(found(cache, "cache-c", start_), "4");
  EXPECT_EQ(stats_.cache_evictions.value(), 1U);
}

TEST_F(EventCacheTest, BytesAreBoundedToo) {
  EventCache cache(10, 40, stats_);
  cache.store(channel("cache-a"), event("1234567890"), start_ + 1s);  // 20 bytes
  cache.store(channel("cache-b"), event("1234567890"), start_ + 1s);  // and 20
  EXPECT_EQ(stats_.cache_evictions.value(), 0U);
  cache.store(channel("cache-c"), event("1"), start_ + 1s);
  EXPECT_EQ(found(cache, "cache-a", start_), "nothing");
  EXPECT_EQ(stats_.cached_bytes.value(), 31);
  cache.store(channel("cache-d"), event(std::string(100, '1')), start_ + 1s);  // never fits
  EXPECT_EQ(found(cache, "cache-d", start_), "nothing");
  EXPECT_EQ(stats_.cached_bytes.value(), 0);
}

}  // namespace
}  // namespace fanfare::core
