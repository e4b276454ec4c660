#include "net/send_queue.h"

#include <algorithm>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

LocalSlice slice_of(std::string_view text) { return LocalSlice::copy_of(as_bytes(text)); }

std::string unsent(const SendQueue& queue, std::size_t parts_max = 64) {
  std::vector<iovec> parts(parts_max);
  const std::size_t filled = queue.fill(parts);
  std::string text;
  for (std::size_t i = 0; i < filled; ++i) text.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  return text;
}

class SendQueueTest : public testing::Test {
 protected:
  SendOutcome keep(std::string_view text) { return queue_.queue(slice_of(text), DropPolicy::kKeep); }
  SendOutcome droppable(std::string_view text) { return queue_.queue(slice_of(text), DropPolicy::kDroppable); }

  const SendQueueLimits limits_{.bytes_max = 100, .entries_max = 8, .high_mark = 60, .low_mark = 20};
  SendQueue queue_{limits_};
};

TEST_F(SendQueueTest, GivesBytesInOrder) {
  for (const char* text : {"one ", "two ", "three ", "four ", "five "}) EXPECT_EQ(keep(text), SendOutcome::kQueued);
  EXPECT_EQ(queue_.bytes(), 24U);
  EXPECT_EQ(queue_.entries(), 5U);
  EXPECT_EQ(unsent(queue_), "one two three four five ");
  EXPECT_EQ(unsent(queue_, 2), "one two ");
}

TEST_F(SendQueueTest, AdjacentSlicesOfOneChunkAreOneEntry) {
  const LocalBytes chunk(SharedBytes::copy_of(as_bytes("abcdef")));
  const LocalBytes same(chunk.chunk());  // another local share of the same memory
  queue_.queue(LocalSlice(chunk, 0, 2), DropPolicy::kDroppable);
  queue_.queue(LocalSlice(same, 2, 4), DropPolicy::kDroppable);
  EXPECT_EQ(queue_.entries(), 1U);
  queue_.queue(LocalSlice(chunk, 4, 6), DropPolicy::kKeep);  // may not be dropped with the others
  EXPECT_EQ(queue_.entries(), 2U);
  queue_.queue(LocalSlice(chunk, 0, 1), DropPolicy::kKeep);  // not adjacent
  EXPECT_EQ(queue_.entries(), 3U);
  EXPECT_EQ(unsent(queue_), "abcdefa");
}

// Thousands of small answers in one turn were taken for a slow client: each was an entry of its own.
TEST_F(SendQueueTest, CopiesBehindEachOtherShareEntries) {
  std::string expected;
  for (int i = 0; i < 50; ++i) {
    const std::string text = std::to_string(i % 10);
    EXPECT_EQ(queue_.queue_copy(as_bytes(text)), SendOutcome::kQueued);
    expected += text;
  }
  EXPECT_EQ(queue_.entries(), 2U);
  EXPECT_EQ(queue_.bytes(), 50U);
  EXPECT_EQ(unsent(queue_), expected);
  queue_.consume(30);
  queue_.queue_copy(as_bytes("x"));
  EXPECT_EQ(unsent(queue_), expected.substr(30) + "x");
  EXPECT_EQ(queue_.drop_oldest_droppable(100).frames, 0U);
}

TEST_F(SendQueueTest, ACopyBehindASliceDoesNotFillThatSlicesChunk) {
  SharedBytes chunk = SharedBytes::with_capacity(100);
  chunk.append("ab");
  queue_.queue_copy(as_bytes("1"));
  queue_.queue(LocalSlice(LocalBytes(chunk), 0, 2), DropPolicy::kKeep);
  queue_.queue_copy(as_bytes("2"));
  queue_.queue_copy(as_bytes("3"));
  EXPECT_EQ(chunk.size(), 2U);
  EXPECT_EQ(unsent(queue_), "1ab23");
}

TEST_F(SendQueueTest, CopiesHaveTheSameLimits) {
  EXPECT_EQ(queue_.queue_copy({}), SendOutcome::kQueued);
  EXPECT_EQ(queue_.queue_copy(as_bytes(std::string(61, 'x'))), SendOutcome::kQueuedAboveHighMark);
  EXPECT_EQ(queue_.queue_copy(as_bytes(std::string(40, 'x'))), SendOutcome::kRefusedFull);
  EXPECT_EQ(queue_.queue_copy(as_bytes(std::string(39, 'x'))), SendOutcome::kQueuedAboveHighMark);
  queue_.consume(100);
  EXPECT_TRUE(queue_.empty());
  EXPECT_TRUE(queue_.take_drained());
}

TEST_F(SendQueueTest, APartlySentEntryCanStillBeExtended) {
  const LocalBytes chunk(SharedBytes::copy_of(as_bytes("abcdef")));
  queue_.queue(LocalSlice(chunk, 0, 3), DropPolicy::kKeep);
  queue_.consume(2);
  queue_.queue(LocalSlice(chunk, 3, 6), DropPolicy::kKeep);
  EXPECT_EQ(queue_.entries(), 1U);
  EXPECT_EQ(unsent(queue_), "cdef");
}

TEST_F(SendQueueTest, PartialWritesKeepThePosition) {
  keep("hello ");
  keep("world");
  queue_.consume(3);
  EXPECT_EQ(unsent(queue_), "lo world");
  queue_.consume(4);
  EXPECT_EQ(unsent(queue_), "orld");
  EXPECT_EQ(queue_.bytes(), 4U);
  queue_.consume(4);
  EXPECT_TRUE(queue_.empty());
  EXPECT_EQ(unsent(queue_), "");
}

TEST_F(SendQueueTest, RefusesWhatExceedsTheBytes) {
  EXPECT_EQ(keep(std::string(100, 'x')), SendOutcome::kQueuedAboveHighMark);
  EXPECT_EQ(keep("y"), SendOutcome::kRefusedFull);
  queue_.consume(1);
  EXPECT_EQ(keep("y"), SendOutcome::kQueuedAboveHighMark);
  EXPECT_EQ(queue_.bytes(), 100U);
  SendQueue other(limits_);
  EXPECT_EQ(other.queue(slice_of(std::string(101, 'x')), DropPolicy::kKeep), SendOutcome::kRefusedFull);
  EXPECT_TRUE(other.empty());
}

TEST_F(SendQueueTest, RefusesWhatExceedsTheEntries) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(keep("x"), SendOutcome::kQueued);
  EXPECT_EQ(keep("x"), SendOutcome::kRefusedFull);
  EXPECT_EQ(queue_.bytes(), 8U);
}

TEST_F(SendQueueTest, HighMarkAtItsEdge) {
  EXPECT_EQ(keep(std::string(60, 'x')), SendOutcome::kQueued);
  EXPECT_EQ(keep("x"), SendOutcome::kQueuedAboveHighMark);
}

TEST_F(SendQueueTest, DrainedIsToldOnceAtTheLowMark) {
  keep(std::string(60, 'x'));
  queue_.consume(60);
  EXPECT_FALSE(queue_.take_drained());  // never was above the high mark
  keep(std::string(61, 'x'));
  queue_.consume(40);
  EXPECT_FALSE(queue_.take_drained());
  queue_.consume(1);
  EXPECT_TRUE(queue_.take_drained());
  EXPECT_FALSE(queue_.take_drained());
}

TEST_F(SendQueueTest, DropsTheOldestDroppableOnly) {
  keep("protocol ");
  droppable("first ");
  keep("answer ");
  droppable("second ");
  droppable("third ");
  const DroppedFrames dropped = queue_.drop_oldest_droppable(8);
  EXPECT_EQ(dropped.frames, 2U);
  EXPECT_EQ(dropped.bytes, 13U);
  EXPECT_EQ(unsent(queue_), "protocol answer third ");
  EXPECT_EQ(queue_.bytes(), 22U);
  EXPECT_EQ(queue_.drop_oldest_droppable(1000).bytes, 6U);
  EXPECT_EQ(queue_.drop_oldest_droppable(1000).frames, 0U);
}

TEST_F(SendQueueTest, NeverDropsAnEntryOfWhichAByteWasSent) {
  droppable("begun");
  droppable("whole");
  queue_.consume(1);
  const DroppedFrames dropped = queue_.drop_oldest_droppable(1000);
  EXPECT_EQ(dropped.bytes, 5U);
  EXPECT_EQ(unsent(queue_), "egun");
}

TEST_F(SendQueueTest, CountsTheFramesOfAJoinedEntry) {
  const LocalBytes chunk(SharedBytes::copy_of(as_bytes("abcdef")));
  for (std::uint32_t i = 0; i < 6; ++i) queue_.queue(LocalSlice(chunk, i, i + 1), DropPolicy::kDroppable);
  const DroppedFrames dropped = queue_.drop_oldest_droppable(1);
  EXPECT_EQ(dropped.frames, 6U);
  EXPECT_TRUE(queue_.empty());
}

TEST_F(SendQueueTest, AnEmptySliceIsQueuedAsNothing) {
  EXPECT_EQ(keep(""), SendOutcome::kQueued);
  EXPECT_TRUE(queue_.empty());
}

TEST_F(SendQueueTest, IsAFewWords) { EXPECT_LE(sizeof(SendQueue), 56U); }

// Random operations against a plain model of the same rules.
TEST(SendQueueModelTest, AgreesWithAModel) {
  struct Entry {
    std::string text;
    bool droppable;
  };
  constexpr unsigned kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const SendQueueLimits limits{.bytes_max = 400, .entries_max = 40, .high_mark = 200, .low_mark = 50};
  SendQueue queue(limits);
  std::deque<Entry> model;
  bool begun = false;
  for (int step = 0; step < 30'000; ++step) {
    std::size_t total = 0;
    for (const Entry& entry : model) total += entry.text.size();
    switch (random() % 5) {
      case 0:
      case 1: {
        const Entry entry{std::string(1 + random() % 30, static_cast<char>('a' + random() % 26)), random() % 2 == 0};
        const SendOutcome outcome =
            queue.queue(slice_of(entry.text), entry.droppable ? DropPolicy::kDroppable : DropPolicy::kKeep);
        const bool fits = total + entry.text.size() <= 400 && model.size() < 40;
        ASSERT_EQ(outcome != SendOutcome::kRefusedFull, fits);
        if (fits) model.push_back(entry);
        break;
      }
      case 2:
      case 3: {
        std::size_t bytes = total == 0 ? 0 : random() % (total + 1);
        queue.consume(bytes);
        while (bytes > 0) {
          const std::size_t taken = std::min(bytes, model.front().text.size());
          model.front().text.erase(0, taken);
          bytes -= taken;
          begun = !model.front().text.empty();
          if (!begun) model.pop_front();
        }
        break;
      }
      default: {
        const std::size_t wanted = random() % 100;
        std::size_t expected = 0;
        for (std::size_t i = 0; i < model.size() && expected < wanted;) {
          if (!model[i].droppable || (i == 0 && begun)) {
            ++i;
            continue;
          }
          expected += model[i].text.size();
          model.erase(model.begin() + static_cast<std::ptrdiff_t>(i));
        }
        ASSERT_EQ(queue.drop_oldest_droppable(wanted).bytes, expected);
      }
    }
    std::string text;
    for (const Entry& entry : model) text += entry.text;
    ASSERT_EQ(unsent(queue), text);
    ASSERT_EQ(queue.bytes(), text.size());
    if (model.empty()) begun = false;
  }
}

}  // namespace
}  // namespace fanfare::net
