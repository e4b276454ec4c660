#include "base/shared_bytes.h"

#include <thread>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "base/local_bytes.h"

namespace fanfare {
namespace {

TEST(SharedBytesTest, ACopyHoldsExactlyItsBytes) {
  const SharedBytes bytes = SharedBytes::copy_of(as_bytes("hello"));
  EXPECT_EQ(bytes.size(), 5U);
  EXPECT_EQ(bytes.room(), 0U);
  EXPECT_EQ(as_text({bytes.data(), bytes.size()}), "hello");
}

TEST(SharedBytesTest, AnEmptyOneHoldsNoChunk) {
  const SharedBytes nothing;
  EXPECT_FALSE(nothing);
  const SharedBytes empty = SharedBytes::copy_of({});
  EXPECT_TRUE(empty);
  EXPECT_EQ(empty.size(), 0U);
}

TEST(SharedBytesTest, FillingDoesNotMoveWhatAViewSees) {
  SharedBytes chunk = SharedBytes::with_capacity(64);
  chunk.append("first");
  const BytesSlice first{chunk, 0, 5};
  chunk.append("second");
  const BytesSlice second{chunk, 5, 11};
  EXPECT_EQ(as_text(first.view()), "first");
  EXPECT_EQ(as_text(second.view()), "second");
  EXPECT_EQ(chunk.room(), 53U);
  EXPECT_TRUE(first.chunk.is_same_chunk(second.chunk));
}

TEST(SharedBytesTest, TheChunkLivesAsLongAsItsLastShare) {
  BytesSlice slice;
  {
    SharedBytes chunk = SharedBytes::copy_of(as_bytes("kept"));
    slice = BytesSlice{chunk, 0, 4};
    chunk = SharedBytes::copy_of(as_bytes("other"));
  }
  EXPECT_EQ(as_text(slice.view()), "kept");
}

TEST(SharedBytesTest, AMoveLeavesNothingBehind) {
  SharedBytes from = SharedBytes::copy_of(as_bytes("x"));
  const SharedBytes to = std::move(from);
  EXPECT_FALSE(from);  // NOLINT(bugprone-use-after-move): that is what is tested
  EXPECT_TRUE(to);
}

TEST(SharedBytesTest, SharesMayBeDroppedOnAnyThread) {
  const SharedBytes bytes = SharedBytes::copy_of(as_bytes("shared"));
  std::vector<std::jthread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([bytes] {
      for (int round = 0; round < 10'000; ++round) {
        SharedBytes share = bytes;
        const SharedBytes moved = std::move(share);
        ASSERT_EQ(moved.size(), 6U);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(as_text({bytes.data(), bytes.size()}), "shared");
}

TEST(LocalBytesTest, ASliceIsSixteenBytes) { static_assert(sizeof(LocalSlice) == 16); }

TEST(LocalBytesTest, CopiesShareOneChunk) {
  const LocalSlice one = LocalSlice::copy_of(as_bytes("abc"));
  const LocalSlice two = one;
  EXPECT_TRUE(one.bytes.is_same_chunk(two.bytes));
  EXPECT_EQ(as_text(two.view()), "abc");
}

TEST(LocalBytesTest, TwoDeliveriesOfOneChunkAreTheSameMemory) {
  SharedBytes chunk = SharedBytes::copy_of(as_bytes("firstsecond"));
  const LocalSlice first(BytesSlice{chunk, 0, 5});
  const LocalSlice second(BytesSlice{chunk, 5, 11});
  EXPECT_TRUE(first.bytes.is_same_chunk(second.bytes));
  EXPECT_FALSE(first.bytes.is_same_chunk(LocalBytes{}));
  EXPECT_FALSE(first.bytes.is_same_chunk(LocalSlice::copy_of(as_bytes("first")).bytes));
}

TEST(LocalBytesTest, BytesOutliveTheSliceTheyCameFrom) {
  LocalBytes kept;
  {
    LocalSlice slice = LocalSlice::copy_of(as_bytes("kept"));
    kept = slice.bytes;
    slice = LocalSlice::copy_of(as_bytes("other"));
  }
  EXPECT_EQ(as_text({kept.data(), 4}), "kept");
}

}  // namespace
}  // namespace fanfare
