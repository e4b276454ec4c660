#include "net/loop_group.h"

#include <array>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

TEST(LoopGroupTest, RunsEachLoopOnAThreadOfItsOwn) {
  NetOptions options;
  options.loops = 3;
  options.pin_loops = true;
  LoopGroup group(options);
  ASSERT_EQ(group.size(), 3U);
  group.start();
  std::mutex mutex;
  std::set<std::thread::id> threads;
  std::set<LoopIndex> indexes;
  std::latch all(3);
  group.post_to_all([&](EventLoop& loop) {
    EXPECT_TRUE(loop.is_current());
    {
      const std::lock_guard lock(mutex);
      threads.insert(std::this_thread::get_id());
      indexes.insert(loop.index());
    }
    all.count_down();
  });
  all.wait();
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_EQ(indexes.size(), 3U);
  EXPECT_EQ(group.at(LoopIndex(2)).index(), LoopIndex(2));
  group.stop();
  group.stop();
}

TEST(LoopGroupTest, AsManyLoopsAsCoresByDefault) {
  const NetOptions options;
  const LoopGroup group(options);
  EXPECT_GE(group.size(), 1U);
  EXPECT_LE(group.size(), LoopGroup::kLoopsMax);
}

TEST(LoopGroupTest, StopLetsEarlierPostsRun) {
  NetOptions options;
  options.loops = 2;
  LoopGroup group(options);
  std::atomic<int> ran{0};
  group.start();
  for (int i = 0; i < 100; ++i) group.post_to_all([&](EventLoop&) { ran.fetch_add(1); });
  group.stop();
  EXPECT_EQ(ran.load(), 200);
}

// What lives on a loop remembers its thread, so it ends there too, and not on the one that stops the group.
TEST(LoopGroupTest, AtTheEndEachThreadIsGivenItsLoop) {
  NetOptions options;
  options.loops = 2;
  LoopGroup group(options);
  std::array<std::thread::id, 2> threads;
  std::array<std::thread::id, 2> at_end;
  group.start();
  group.post_to_all([&](EventLoop& loop) { threads.at(loop.index().value()) = std::this_thread::get_id(); });
  group.stop([&](LoopIndex loop) { at_end.at(loop.value()) = std::this_thread::get_id(); });
  EXPECT_EQ(at_end, threads);
  EXPECT_NE(at_end[0], std::thread::id());
}

TEST(LoopGroupTest, TheEndOfTheGroupDestroysTasksThatPostToOtherLoops) {
  struct PostsWhenDestroyed {
    EventLoop* target;
    ~PostsWhenDestroyed() {
      target->post([] {});
    }
  };
  NetOptions options;
  options.loops = 2;
  LoopGroup group(options);
  EventLoop& first = group.at(LoopIndex(0));
  EventLoop& second = group.at(LoopIndex(1));
  second.post([held = std::make_shared<PostsWhenDestroyed>(&first)] {});
  first.post([held = std::make_shared<PostsWhenDestroyed>(&second)] {});
}

}  // namespace
}  // namespace fanfare::net
