#include "base/task.h"

#include <array>
#include <memory>
#include <type_traits>

#include <gtest/gtest.h>

namespace fanfare {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Task>);
static_assert(!std::is_copy_constructible_v<Task>);

// Counts how many of it are alive.
class Tracked {
 public:
  explicit Tracked(int& alive) : alive_(&alive) { ++*alive_; }
  Tracked(Tracked&& other) noexcept : alive_(other.alive_) { ++*alive_; }
  Tracked(const Tracked&) = delete;
  Tracked& operator=(const Tracked&) = delete;
  Tracked& operator=(Tracked&&) = delete;
  ~Tracked() { --*alive_; }

 private:
  int* alive_;
};

TEST(TaskTest, RunsWhatItHolds) {
  int runs = 0;
  Task task([&] { ++runs; });
  ASSERT_TRUE(task);
  task();
  task();
  EXPECT_EQ(runs, 2);
}

TEST(TaskTest, AnEmptyOneSaysSo) { EXPECT_FALSE(Task{}); }

TEST(TaskTest, CarriesWhatCannotBeCopied) {
  int seen = 0;
  Task task([&seen, owned = std::make_unique<int>(7)] { seen = *owned; });
  Task moved = std::move(task);
  EXPECT_FALSE(task);  // NOLINT(bugprone-use-after-move): that is what is tested
  moved();
  EXPECT_EQ(seen, 7);
}

TEST(TaskTest, DestroysASmallCallableOnce) {
  int alive = 0;
  {
    Task task([tracked = Tracked(alive)] {});
    EXPECT_EQ(alive, 1);
    const Task moved = std::move(task);
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(alive, 0);
}

TEST(TaskTest, DestroysACallableThatIsTooLargeForItOnce) {
  int alive = 0;
  int sum = 0;
  {
    const std::array<int, 64> large{1, 2, 3};
    Task task([large, &sum, tracked = Tracked(alive)] { sum = large[0] + large[1] + large[2]; });
    Task moved = std::move(task);
    moved();
    EXPECT_EQ(alive, 1);
  }
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(alive, 0);
}

TEST(TaskTest, AssigningDestroysWhatWasThere) {
  int alive = 0;
  Task task([tracked = Tracked(alive)] {});
  task = Task([] {});
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace fanfare
