#include "sdk/delays.h"

#include <condition_variable>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using std::chrono::milliseconds;

class Order {
 public:
  Delays::Task add(int number) {
    return [this, number](bool is_stopped) {
      const std::lock_guard lock(mutex_);
      numbers_.push_back(is_stopped ? -number : number);
      changed_.notify_all();
    };
  }
  std::vector<int> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, count] { return numbers_.size() >= count; });
    return numbers_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<int> numbers_;
};

TEST(SdkDelaysTest, TasksRunWhenTheirTimeHasComeTheEarliestFirst) {
  Order order;
  const auto delays = make_delays();
  delays->after(milliseconds(40), order.add(2));
  delays->after(milliseconds(1), order.add(1));
  EXPECT_EQ(order.wait_for(2), (std::vector<int>{1, 2}));
}

TEST(SdkDelaysTest, ATaskMayAskForTheNext) {
  Order order;
  const auto delays = make_delays();
  delays->after(milliseconds(1), [&](bool) { delays->after(milliseconds(1), order.add(1)); });
  EXPECT_EQ(order.wait_for(1), (std::vector<int>{1}));
}

TEST(SdkDelaysTest, WhatWaitsWhenItStopsIsTold) {
  Order order;
  const auto delays = make_delays();
  delays->after(std::chrono::hours(1), order.add(1));
  delays->stop();
  delays->after(milliseconds(1), order.add(2));
  EXPECT_EQ(order.wait_for(2), (std::vector<int>{-1, -2}));
  delays->stop();
}

}  // namespace
}  // namespace fanfare::sdk
