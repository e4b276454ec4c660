#include "core/user_directory.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using namespace std::chrono_literals;
using test::FakeSubscriber;
using Strings = std::vector<std::string>;

class UserDirectoryTest : public testing::Test {
 protected:
  UserDirectoryTest() { loops_.connect(0, watcher_); }

  static AppRef app_with_delay(std::chrono::milliseconds delay) {
    App app;
    app.offline_delay = delay;
    return test::make_app(std::move(app));
  }
  void watch(FakeSubscriber& watcher, std::uint32_t attempt = 1) {
    loops_.on(test::CoreLoops::loop_of(watcher), [&](LoopCore& core) {
      core.link().send(home(), Watch{user_, watcher.ref(), attempt});
    });
    loops_.settle();
  }
  void unwatch(FakeSubscriber& watcher) {
    loops_.on(test::CoreLoops::loop_of(watcher), [&](LoopCore& core) {
      core.link().send(home(), Unwatch{user_, watcher.ref()});
    });
    loops_.settle();
  }
  void sign_in(FakeSubscriber& connection, const AppRef& app, std::size_t loop = 1) {
    loops_.connect(loop, connection);
    loops_.subscribe(connection, app, user_->text());
    loops_.settle();
  }
  void close(FakeSubscriber& connection) {
    loops_.close(connection);
    loops_.settle();
  }
  void pass(std::chrono::milliseconds time) {
    loops_.clock.advance(time);
    for (std::size_t loop = 0; loop < 2; ++loop) loops_.on(loop, [](LoopCore& core) { core.run_due(); });
    loops_.settle();
  }
  LoopIndex home() const { return loops_.loops.home_of(user_->hash()); }
  std::size_t kept() { return loops_[0].users().size() + loops_[1].users().size(); }
  std::int64_t users() { return loops_[0].stats().users.value() + loops_[1].stats().users.value(); }

  test::CoreLoops loops_{2};
  const ChannelRef user_ = make_channel_ref(ChannelView({}, "#server-to-user-alice"));
  const std::string online_ = "online #server-to-user-alice";
  const std::string offline_ = "offline #server-to-user-alice";
  FakeSubscriber watcher_;
};

TEST_F(UserDirectoryTest, AWatchIsAnsweredWithThePresentState) {
  watch(watcher_, 7);
  EXPECT_EQ(watcher_.log, Strings{offline_});
  EXPECT_EQ(watcher_.notices.back().attempt, 7U);
  FakeSubscriber alice;
  sign_in(alice, test::make_app());
  FakeSubscriber second;
  loops_.connect(1, second);
  watch(second, 8);
  EXPECT_EQ(second.log, Strings{online_});
  EXPECT_EQ(second.notices.back().attempt, 8U);
}

TEST_F(UserDirectoryTest, OnlyTheFirstAndTheLastConnectionAreTold) {
  watch(watcher_);
  FakeSubscriber first;
  FakeSubscriber second;
  sign_in(first, test::make_app(), 0);
  sign_in(second, test::make_app(), 1);
  EXPECT_EQ(users(), 1);
  close(first);
  EXPECT_EQ(watcher_.log, (Strings{offline_, online_}));
  EXPECT_EQ(watcher_.notices.back().attempt, 0U);
  close(second);
  EXPECT_EQ(watcher_.log, (Strings{offline_, online_, offline_}));
  EXPECT_EQ(users(), 0);
}

TEST_F(UserDirectoryTest, AWatcherThatStoppedHearsNothingAndNothingIsKept) {
  watch(watcher_);
  unwatch(watcher_);
  EXPECT_EQ(kept(), 0U);
  FakeSubscriber alice;
  sign_in(alice, test::make_app());
  close(alice);
  EXPECT_EQ(watcher_.log, Strings{offline_});
  EXPECT_EQ(kept(), 0U);
  unwatch(watcher_);  // not watching is no fault
}

TEST_F(UserDirectoryTest, WatchingTwiceIsOneWatch) {
  watch(watcher_, 1);
  watch(watcher_, 2);
  FakeSubscriber alice;
  sign_in(alice, test::make_app());
  EXPECT_EQ(watcher_.log, (Strings{offline_, offline_, online_}));
  unwatch(watcher_);
  close(alice);
  EXPECT_EQ(watcher_.log.size(), 3U);
}

TEST_F(UserDirectoryTest, AUserWhoIsBackWithinTheDelayWasNeverAway) {
  const AppRef app = app_with_delay(1000ms);
  watch(watcher_);
  FakeSubscriber first;
  sign_in(first, app);
  close(first);
  pass(999ms);
  FakeSubscriber second;
  sign_in(second, app);
  pass(5000ms);
  EXPECT_EQ(watcher_.log, (Strings{offline_, online_}));
  close(second);
  pass(999ms);
  EXPECT_EQ(watcher_.log.size(), 2U);
  pass(1ms);
  EXPECT_EQ(watcher_.log, (Strings{offline_, online_, offline_}));
}

// Each return within the delay used to add an entry, and the second one to fall due left an empty state behind for
// good.
TEST_F(UserDirectoryTest, AUserWhoComesAndGoesWithinTheDelayLeavesNothingBehind) {
  const AppRef app = app_with_delay(1000ms);
  for (int i = 0; i < 5; ++i) {
    FakeSubscriber alice;
    sign_in(alice, app);
    close(alice);
  }
  EXPECT_EQ(kept(), 1U);
  pass(1000ms);
  pass(1000ms);
  EXPECT_EQ(kept(), 0U);
  EXPECT_EQ(users(), 0);
}

TEST_F(UserDirectoryTest, ADelayThatIsTurnedOffWhileAUserIsListedLeavesNothingBehind) {
  FakeSubscriber first;
  sign_in(first, app_with_delay(1000ms));
  close(first);
  FakeSubscriber second;
  sign_in(second, app_with_delay(0ms));
  close(second);
  EXPECT_EQ(users(), 0);
  pass(1000ms);
  EXPECT_EQ(kept(), 0U);
}

TEST_F(UserDirectoryTest, ANoticeToAClosedConnectionIsDropped) {
  auto gone = std::make_unique<FakeSubscriber>();
  loops_.connect(1, *gone);
  watch(*gone);
  loops_.close(*gone);
  gone.reset();
  FakeSubscriber alice;
  sign_in(alice, test::make_app());
  EXPECT_EQ(users(), 1);
}

}  // namespace
}  // namespace fanfare::core
