#include "session/fallback_queue.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::session {
namespace {

using net::DropPolicy;
using net::SendOutcome;

sockjs::Lines line(const std::string& text) {
  sockjs::LinesBuilder builder;
  builder.message(text);
  return builder.take();
}

class FallbackQueueTest : public testing::Test {
 protected:
  void push(const std::string& text, DropPolicy policy = DropPolicy::kKeep) {
    ASSERT_NE(queue_.push(line(text), policy), SendOutcome::kRefusedFull);
  }
  // Writes all that waits; returns it, and where each ends.
  std::string write_all() {
    std::string text;
    while (const sockjs::Lines* next = queue_.next()) {
      text += next->text();
      written_ += next->chunk.size();
      queue_.hand_over(written_);
    }
    return text;
  }
  void new_answer() {
    queue_.take_back();
    written_ = 0;
  }

  net::SendQueueLimits limits_{.bytes_max = 1000, .entries_max = 10, .high_mark = 500, .low_mark = 100};
  FallbackQueue queue_{limits_};
  std::uint64_t written_ = 0;
};

TEST_F(FallbackQueueTest, LinesLeaveInOrder) {
  push("1");
  push("2");
  EXPECT_EQ(write_all(), "a[\"1\"]\na[\"2\"]\n");
  EXPECT_FALSE(queue_.has_waiting());
  EXPECT_FALSE(queue_.empty());
  queue_.confirm(written_);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(FallbackQueueTest, WhatIsNotConfirmedComesBackInFront) {
  push("1");
  push("2");
  (void)write_all();
  push("3");
  new_answer();
  EXPECT_EQ(write_all(), "a[\"1\"]\na[\"2\"]\na[\"3\"]\n");
}

TEST_F(FallbackQueueTest, WhatIsConfirmedDoesNotComeBack) {
  push("1");
  const std::uint64_t first = line("1").chunk.size();
  push("2");
  (void)write_all();
  queue_.confirm(first);
  new_answer();
  EXPECT_EQ(write_all(), "a[\"2\"]\n");
}

// The client parses whole lines only.
TEST_F(FallbackQueueTest, ALineOfWhichAByteIsMissingComesBackWhole) {
  push("1");
  const std::uint64_t first = line("1").chunk.size();
  push("2");
  (void)write_all();
  queue_.confirm(first - 1);
  queue_.confirm(first + 3);
  new_answer();
  EXPECT_EQ(write_all(), "a[\"2\"]\n");
}

TEST_F(FallbackQueueTest, IsBoundedByBytes) {
  limits_.bytes_max = static_cast<std::uint32_t>(2 * line("12345").chunk.size());
  limits_.high_mark = limits_.bytes_max;
  push("12345");
  push("12345");
  EXPECT_EQ(queue_.push(line(""), DropPolicy::kKeep), SendOutcome::kRefusedFull);
  (void)write_all();  // on its way is not gone
  EXPECT_EQ(queue_.push(line(""), DropPolicy::kKeep), SendOutcome::kRefusedFull);
  queue_.confirm(written_);
  push("12345");
}

TEST_F(FallbackQueueTest, IsBoundedByEntries) {
  for (int i = 0; i < 10; ++i) push("x");
  EXPECT_EQ(queue_.push(line("x"), DropPolicy::kKeep), SendOutcome::kRefusedFull);
  queue_.push_beyond_limits(line("last"));
  EXPECT_TRUE(write_all().ends_with("a[\"last\"]\n"));
}

TEST_F(FallbackQueueTest, TheOldestDroppableGoFirstAndNoneThatIsOnItsWay) {
  push("way", DropPolicy::kDroppable);
  (void)write_all();
  push("1", DropPolicy::kDroppable);
  push("keep");
  push("2", DropPolicy::kDroppable);
  const net::DroppedFrames dropped = queue_.drop_oldest_droppable(1);
  EXPECT_EQ(dropped.frames, 1U);
  EXPECT_EQ(dropped.bytes, line("1").chunk.size());
  EXPECT_EQ(write_all(), "a[\"keep\"]\na[\"2\"]\n");
}

TEST_F(FallbackQueueTest, DroppingCountsMessages) {
  sockjs::LinesBuilder builder;
  builder.message("1");
  builder.message("2");
  (void)queue_.push(builder.take(), DropPolicy::kDroppable);
  EXPECT_EQ(queue_.drop_oldest_droppable(1).frames, 2U);
  EXPECT_EQ(queue_.bytes(), 0U);
}

TEST_F(FallbackQueueTest, DrainedIsToldOnceBehindTheHighMark) {
  push("x");
  EXPECT_FALSE(queue_.take_drained());
  EXPECT_EQ(queue_.push(line(std::string(600, 'x')), DropPolicy::kKeep), SendOutcome::kQueuedAboveHighMark);
  EXPECT_FALSE(queue_.take_drained());
  (void)write_all();
  queue_.confirm(written_);
  EXPECT_TRUE(queue_.take_drained());
  EXPECT_FALSE(queue_.take_drained());
}

TEST_F(FallbackQueueTest, ALongLifeKeepsTheOrder) {
  int next = 0;
  int expected = 0;
  for (int round = 0; round < 200; ++round) {
    for (int i = 0; i < round % 4; ++i) push(std::to_string(next++));
    std::string text;
    std::uint64_t first_end = 0;
    while (const sockjs::Lines* lines = queue_.next()) {
      text += lines->text();
      written_ += lines->chunk.size();
      if (first_end == 0) first_end = written_;
      queue_.hand_over(written_);
    }
    // One is confirmed at most; the others come back.
    if (!text.empty()) {
      EXPECT_TRUE(text.starts_with("a[\"" + std::to_string(expected) + "\"]")) << text;
      queue_.confirm(round % 5 == 0 ? written_ : first_end);
      expected = round % 5 == 0 ? next : expected + 1;
    }
    new_answer();
  }
  EXPECT_LE(expected, next);
}

}  // namespace
}  // namespace fanfare::session
