#include "core/idempotency_table.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

using namespace std::chrono_literals;

class IdempotencyTableTest : public testing::Test {
 protected:
  // Begins and writes the verdict down under `who`.
  void begin(const std::string& key, const std::string& who, MonotonicTime now, AppIndex app = {}) {
    table_.begin(app, key, now, 60s, [this, who](IdempotencyVerdict verdict, const PublishAnswer& answer) {
      switch (verdict) {
        case IdempotencyVerdict::kFirst:
          return verdicts_.push_back(who + " first");
        case IdempotencyVerdict::kRepeat:
          return verdicts_.push_back(who + " repeat " + std::to_string(answer.status) + answer.body);
        case IdempotencyVerdict::kBusy:
          return verdicts_.push_back(who + " busy");
      }
    });
  }
  std::vector<std::string> take() { return std::exchange(verdicts_, {}); }
  using Strings = std::vector<std::string>;

  const MonotonicTime start_{1h};
  IdempotencyTable table_{3, 2, 100};
  Strings verdicts_;
};

TEST_F(IdempotencyTableTest, ARepeatIsAnsweredAsTheFirstWas) {
  begin("k", "a", start_);
  table_.finish({}, "k", {200, "application/json", "{}"});
  begin("k", "b", start_ + 60s - 1ns);
  EXPECT_EQ(take(), (Strings{"a first", "b repeat 200{}"}));
}

TEST_F(IdempotencyTableTest, AfterTheWindowTheKeyIsNew) {
  begin("k", "a", start_);
  table_.finish({}, "k", {});
  begin("k", "b", start_ + 60s);
  EXPECT_EQ(take(), (Strings{"a first", "b first"}));
}

TEST_F(IdempotencyTableTest, ARepeatWaitsForTheFirstAndTooManyAreBusy) {
  for (const char* who : {"a", "b", "c", "d"}) begin("k", who, start_);
  EXPECT_EQ(take(), (Strings{"a first", "d busy"}));
  table_.finish({}, "k", {200, {}, "x"});
  EXPECT_EQ(take(), (Strings{"b repeat 200x", "c repeat 200x"}));
}

TEST_F(IdempotencyTableTest, AbandonedTheNextInLineIsTheFirst) {
  for (const char* who : {"a", "b", "c"}) begin("k", who, start_);
  table_.abandon({}, "k");
  EXPECT_EQ(take(), (Strings{"a first", "b first"}));
  table_.finish({}, "k", {200, {}, "x"});
  EXPECT_EQ(take(), (Strings{"c repeat 200x"}));
}

TEST_F(IdempotencyTableTest, AbandonedWithNobodyWaitingTheKeyIsForgotten) {
  begin("k", "a", start_);
  table_.abandon({}, "k");
  EXPECT_EQ(table_.size(), 0U);
  begin("k", "b", start_);
  EXPECT_EQ(take(), (Strings{"a first", "b first"}));
}

TEST_F(IdempotencyTableTest, AFinishedAnswerCannotBeAbandoned) {
  begin("k", "a", start_);
  table_.finish({}, "k", {200, {}, "x"});
  table_.abandon({}, "k");
  begin("k", "b", start_);
  EXPECT_EQ(take(), (Strings{"a first", "b repeat 200x"}));
}

TEST_F(IdempotencyTableTest, KeysOfDifferentAppsAreDifferent) {
  begin("k", "a", start_, AppIndex(1));
  begin("k", "b", start_, AppIndex(2));
  EXPECT_EQ(take(), (Strings{"a first", "b first"}));
}

TEST_F(IdempotencyTableTest, WhenFullTheOldestFinishedKeyGoes) {
  for (const char* key : {"1", "2", "3"}) begin(key, key, start_);
  table_.finish({}, "2", {});
  table_.finish({}, "3", {});
  begin("4", "4", start_);  // 1 is still in progress: 2 goes
  (void)take();
  begin("1", "again 1", start_);  // waits
  begin("3", "again 3", start_);
  EXPECT_EQ(take(), (Strings{"again 3 repeat 200"}));
  EXPECT_EQ(table_.size(), 3U);
  begin("2", "again 2", start_);
  EXPECT_EQ(take(), (Strings{"again 2 first"}));
}

TEST_F(IdempotencyTableTest, AboveTheBytesTheOldestFinishedKeyGoes) {
  for (const char* key : {"1", "2", "3"}) begin(key, key, start_);
  table_.finish({}, "2", {200, {}, std::string(60, 'x')});
  EXPECT_EQ(table_.size(), 3U);
  table_.finish({}, "3", {200, {}, std::string(60, 'x')});  // 1 is still in progress: 2 goes
  EXPECT_EQ(table_.size(), 2U);
  EXPECT_LE(table_.bytes(), 100U);
  begin("1", "again 1", start_);
  table_.finish({}, "1", {200, {}, std::string(200, 'y')});  // answered, though too large to be kept
  EXPECT_EQ(take().back(), "again 1 repeat 200" + std::string(200, 'y'));
  EXPECT_LE(table_.bytes(), 100U);
}

TEST_F(IdempotencyTableTest, ExpiredKeysMakeRoomByThemselves) {
  for (const char* key : {"1", "2"}) begin(key, key, start_);
  table_.finish({}, "1", {});
  table_.finish({}, "2", {});
  begin("3", "3", start_ + 60s);
  EXPECT_EQ(table_.size(), 1U);
}

TEST_F(IdempotencyTableTest, AWaiterMayUseTheTableFromItsVerdict) {
  begin("k", "a", start_);
  table_.begin({}, "k", start_, 60s, [&](IdempotencyVerdict, const PublishAnswer&) {
    for (const char* key : {"1", "2", "3", "4"}) begin(key, key, start_ + 120s);
  });
  begin("k", "c", start_);
  (void)take();
  table_.finish({}, "k", {200, {}, "x"});
  EXPECT_EQ(take(), (Strings{"1 first", "2 first", "3 first", "4 first", "c repeat 200x"}));
}

}  // namespace
}  // namespace fanfare::core
