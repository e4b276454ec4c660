#include "net/alarm.h"

#include <array>

#include <gtest/gtest.h>
#include <sys/epoll.h>

namespace fanfare::net {
namespace {

using std::chrono::milliseconds;

class AlarmTest : public testing::Test {
 protected:
  // Waits as a loop does; false: nothing came. A wait of the alarm's ends by itself.
  bool wait(milliseconds wait_max) {
    epoll_event event{};
    const int found = ::epoll_wait(epoll_.get(), &event, 1, alarm_.timeout_for(wait_max));
    if (found != 1) return false;
    EXPECT_EQ(event.data.ptr, &alarm_);
    alarm_.on_rung();
    return true;
  }

  UniqueFd epoll_{::epoll_create1(EPOLL_CLOEXEC)};
  Alarm alarm_{epoll_.get()};
};

TEST_F(AlarmTest, ItEndsAWaitAndTheNextOne) {
  EXPECT_TRUE(wait(milliseconds{10}));
  EXPECT_TRUE(wait(milliseconds{10}));
}

TEST_F(AlarmTest, AnEarlierTimeMovesIt) {
  EXPECT_EQ(alarm_.timeout_for(std::chrono::hours{1}), -1);
  EXPECT_TRUE(wait(milliseconds{10})) << "and not after an hour";
}

TEST_F(AlarmTest, OneThatRingsEarlierCoversALaterTime) {
  EXPECT_EQ(alarm_.timeout_for(milliseconds{20}), -1);
  EXPECT_TRUE(wait(std::chrono::hours{1})) << "for the first";
}

TEST_F(AlarmTest, ShortWaitsHaveATimeoutOfTheirOwn) {
  EXPECT_EQ(alarm_.timeout_for(milliseconds{0}), 0);
  EXPECT_EQ(alarm_.timeout_for(milliseconds{1}), 1);
  EXPECT_EQ(alarm_.timeout_for(std::chrono::hours{1}), -1);
  EXPECT_EQ(alarm_.timeout_for(milliseconds{1}), 1) << "it rings too late for that";
}

TEST(AlarmWithoutATimerTest, WaitsHaveTimeouts) {
  Alarm alarm(-1);  // no epoll set takes it
  EXPECT_EQ(alarm.timeout_for(milliseconds{500}), 500);
}

}  // namespace
}  // namespace fanfare::net
