#include "bench/sequence_log.h"

#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace fanfare::bench {
namespace {

using Arrival = SequenceLog::Arrival;

TEST(SequenceLogTest, InOrderNothingIsAmiss) {
  SequenceLog log;
  for (std::uint64_t i = 0; i < 100; ++i) EXPECT_EQ(log.record(i), Arrival::kInOrder);
  EXPECT_EQ(log.received(), 100U);
  EXPECT_EQ(log.lost(0, 100), 0U);
  EXPECT_EQ(log.lost(0, 103), 3U);
}

TEST(SequenceLogTest, WhatNeverCameIsLost) {
  SequenceLog log;
  for (const std::uint64_t i : {2U, 3U, 7U}) log.record(i);
  EXPECT_EQ(log.received(), 3U);
  EXPECT_EQ(log.lost(0, 8), 5U);
  EXPECT_EQ(log.lost(0, 10), 7U);
  EXPECT_EQ(SequenceLog().lost(0, 4), 4U);
}

TEST(SequenceLogTest, WhatComesAgainIsDoubled) {
  SequenceLog log;
  for (const std::uint64_t i : {0U, 1U, 4U}) log.record(i);
  EXPECT_EQ(log.record(0), Arrival::kDoubled);
  EXPECT_EQ(log.record(4), Arrival::kDoubled);
  EXPECT_EQ(log.received(), 3U);
  EXPECT_EQ(log.lost(0, 5), 2U);
}

TEST(SequenceLogTest, WhatComesLateIsReorderedAndNotLost) {
  SequenceLog log;
  log.record(0);
  EXPECT_EQ(log.record(5), Arrival::kInOrder);
  EXPECT_EQ(log.record(3), Arrival::kReordered);
  EXPECT_EQ(log.lost(0, 6), 3U);
  EXPECT_EQ(log.record(1), Arrival::kReordered);
  EXPECT_EQ(log.record(2), Arrival::kReordered);
  EXPECT_EQ(log.record(4), Arrival::kReordered);
  EXPECT_EQ(log.lost(0, 6), 0U);
  EXPECT_EQ(log.record(3), Arrival::kDoubled);
}

TEST(SequenceLogTest, AgreesWithASetOfAllThatArrived) {
  const std::uint64_t seed = 11;
  SCOPED_TRACE(seed);
  SeededRandom random(seed);
  for (int round = 0; round < 200; ++round) {
    constexpr std::uint64_t kSent = 64;
    SequenceLog log;
    std::vector<bool> arrived(kSent);
    std::uint64_t highest = 0;
    bool any = false;
    for (int i = 0; i < 80; ++i) {
      const std::uint64_t sequence = random.below(kSent);
      const Arrival expected = arrived[sequence]           ? Arrival::kDoubled
                               : any && sequence < highest ? Arrival::kReordered
                                                           : Arrival::kInOrder;
      EXPECT_EQ(log.record(sequence), expected);
      arrived[sequence] = true;
      highest = any ? std::max(highest, sequence) : sequence;
      any = true;
    }
    std::uint64_t distinct = 0;
    for (const bool one : arrived) distinct += one ? 1 : 0;
    EXPECT_EQ(log.received(), distinct);
    EXPECT_EQ(log.lost(0, kSent), kSent - distinct);
  }
}

}  // namespace
}  // namespace fanfare::bench
