// What every Executor promises (base/executor.h): the event loop that the server runs on, and the fake that the core's
// tests and the simulation run on.
#include <chrono>
#include <memory>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "base/executor.h"
#include "net/event_loop.h"
#include "support/manual_executor.h"

namespace fanfare {
namespace {

constexpr std::size_t kPlaces = 4;

struct LoopUnderTest {
  Executor& executor() { return loop; }
  void run() {
    while (loop.turn(std::chrono::milliseconds(0))) {
    }
  }

  net::NetOptions options = [] {
    net::NetOptions bounded;
    bounded.mailbox_places = kPlaces;
    return bounded;
  }();
  net::EventLoop loop{LoopIndex(3), options};
};

struct FakeUnderTest {
  Executor& executor() { return fake; }
  void run() { fake.run_all(); }

  test::ManualExecutor fake{LoopIndex(3), kPlaces};
};

template <typename UnderTest>
class ExecutorContract : public testing::Test {
 protected:
  Executor& executor() { return under_test_.executor(); }
  void run() { under_test_.run(); }

  UnderTest under_test_;
  std::vector<int> ran_;
};

using Executors = testing::Types<LoopUnderTest, FakeUnderTest>;
TYPED_TEST_SUITE(ExecutorContract, Executors, );

TYPED_TEST(ExecutorContract, RunsNothingBeforeItsTurn) {
  this->executor().post([this] { this->ran_.push_back(1); });
  EXPECT_TRUE(this->ran_.empty());
  this->run();
  EXPECT_EQ(this->ran_, std::vector<int>{1});
}

TYPED_TEST(ExecutorContract, KeepsTheOrderOfOneSenderWhicheverWayItPosts) {
  ASSERT_TRUE(this->executor().try_reserve(2));
  this->executor().post([this] { this->ran_.push_back(1); });
  this->executor().post_reserved([this] { this->ran_.push_back(2); });
  this->executor().post([this] { this->ran_.push_back(3); });
  this->executor().post_reserved([this] { this->ran_.push_back(4); });
  this->run();
  EXPECT_EQ(this->ran_, (std::vector<int>{1, 2, 3, 4}));
}

TYPED_TEST(ExecutorContract, RunsWhatATaskPostsBehindWhatWaits) {
  this->executor().post([this] {
    this->ran_.push_back(1);
    this->executor().post([this] { this->ran_.push_back(3); });
  });
  this->executor().post([this] { this->ran_.push_back(2); });
  this->run();
  EXPECT_EQ(this->ran_, (std::vector<int>{1, 2, 3}));
}

TYPED_TEST(ExecutorContract, GivesAllThePlacesAskedForOrNone) {
  EXPECT_TRUE(this->executor().try_reserve(kPlaces - 1));
  EXPECT_FALSE(this->executor().try_reserve(2));
  EXPECT_TRUE(this->executor().try_reserve(1));
  EXPECT_FALSE(this->executor().try_reserve(1));
  EXPECT_TRUE(this->executor().try_reserve(0));
  this->executor().release(kPlaces);
  EXPECT_TRUE(this->executor().try_reserve(kPlaces));
  this->executor().release(kPlaces);
}

TYPED_TEST(ExecutorContract, APlaceIsTakenUntilItsTaskRan) {
  ASSERT_TRUE(this->executor().try_reserve(kPlaces));
  for (std::size_t i = 0; i < kPlaces; ++i) this->executor().post_reserved([] {});
  EXPECT_FALSE(this->executor().try_reserve(1));
  this->run();
  EXPECT_TRUE(this->executor().try_reserve(kPlaces));
  this->executor().release(kPlaces);
}

TYPED_TEST(ExecutorContract, TheOtherWayInIsNeverRefused) {
  ASSERT_TRUE(this->executor().try_reserve(kPlaces));
  for (int i = 0; i < 100; ++i) this->executor().post([this, i] { this->ran_.push_back(i); });
  this->run();
  EXPECT_EQ(this->ran_.size(), 100U);
  this->executor().release(kPlaces);
}

TYPED_TEST(ExecutorContract, DestroysATaskWhenItRan) {
  const auto owned = std::make_shared<int>(0);
  this->executor().post([owned] {});
  EXPECT_EQ(owned.use_count(), 2);
  this->run();
  EXPECT_EQ(owned.use_count(), 1);
}

TYPED_TEST(ExecutorContract, KnowsItsIndex) { EXPECT_EQ(this->executor().index(), LoopIndex(3)); }

}  // namespace
}  // namespace fanfare
