#include "session/connection_list.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

#include "support/manual_clock.h"

namespace fanfare::session {
namespace {

class NamedConnection final : public OwnedConnection {
 public:
  NamedConnection(char name, std::string& log) : name_(name), log_(log) {}
  ~NamedConnection() override { log_ += std::string("-") + name_; }
  void drain() override { log_ += name_; }
  char name() const noexcept { return name_; }

 private:
  char name_;
  std::string& log_;
};

class ConnectionListTest : public testing::Test {
 protected:
  void add(std::string_view names) {
    for (const char name : names) {
      auto made = std::make_unique<NamedConnection>(name, log_);
      by_name_[static_cast<unsigned char>(name)] = made.get();
      list_->add(std::move(made));
    }
  }
  void destroy(char name) {
    list_->destroy_later(*by_name_[static_cast<unsigned char>(name)]);
    loop_.turn(std::chrono::milliseconds{0});
  }
  std::string take_log() { return std::exchange(log_, {}); }
  std::string names() {
    std::string all;
    list_->for_each([&](OwnedConnection& one) { all += static_cast<NamedConnection&>(one).name(); });
    return all;
  }

  std::string log_;
  ManualClock clock_;
  net::NetOptions options_;
  net::EventLoop loop_{LoopIndex(0), options_, clock_};
  std::array<NamedConnection*, 256> by_name_{};
  std::optional<ConnectionList> list_{std::in_place, loop_};
};

TEST_F(ConnectionListTest, DestroysAtTheEndOfTheTurn) {
  add("ab");
  list_->destroy_later(*by_name_['a']);
  EXPECT_EQ(list_->size(), 2U);
  loop_.turn(std::chrono::milliseconds{0});
  EXPECT_EQ(take_log(), "-a");
  EXPECT_EQ(names(), "b");
}

TEST_F(ConnectionListTest, DrainsEachOnceInTheOrderTheyCame) {
  add("abcde");
  EXPECT_TRUE(list_->drain_some(2));
  EXPECT_EQ(list_->undrained(), 3U);
  EXPECT_TRUE(list_->drain_some(2));
  EXPECT_FALSE(list_->drain_some(2));
  EXPECT_FALSE(list_->drain_some(2));
  EXPECT_EQ(take_log(), "abcde");
}

TEST_F(ConnectionListTest, NothingToDrainIsSaidAtOnce) { EXPECT_FALSE(list_->drain_some(10)); }

// Every place of leaving against every number of drained ones: none is drained twice or forgotten.
TEST_F(ConnectionListTest, WhoLeavesMeanwhileChangesNothingForTheOthers) {
  const std::string all = "abcde";
  for (std::size_t drained = 0; drained <= all.size(); ++drained) {
    for (const char leaving : all) {
      list_.emplace(loop_);
      log_.clear();
      add(all);
      (void)list_->drain_some(drained);
      const std::string before = take_log();
      destroy(leaving);
      EXPECT_EQ(take_log(), std::string("-") + leaving);
      const bool was_drained = before.find(leaving) != std::string::npos;
      EXPECT_EQ(list_->undrained(), all.size() - drained - (was_drained ? 0 : 1));
      while (list_->drain_some(1)) {
      }
      std::string drained_in_all = before + take_log();
      if (!was_drained) drained_in_all += leaving;
      std::sort(drained_in_all.begin(), drained_in_all.end());
      EXPECT_EQ(drained_in_all, all) << drained << leaving;
    }
  }
}

TEST_F(ConnectionListTest, WhoComesWhileDrainingIsDrainedToo) {
  add("ab");
  (void)list_->drain_some(1);
  add("c");
  EXPECT_FALSE(list_->drain_some(5));
  EXPECT_EQ(take_log(), "abc");
}

}  // namespace
}  // namespace fanfare::session
