#include "bench/delivery_log.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

Stamp stamp(std::uint32_t stream, std::uint64_t sequence) { return {.stream = stream, .sequence = sequence}; }

TEST(DeliveryLogTest, EverythingReceivedByAllIsClean) {
  DeliveryLog log({.rooms = 2, .clients = 3, .streams = 2});
  for (std::uint32_t stream = 0; stream < 4; ++stream) {
    for (int i = 0; i < 5; ++i) {
      const std::uint64_t sequence = log.next(stream);
      for (std::uint32_t k = 0; k < 3; ++k)
        EXPECT_TRUE(log.record(log.room_of(stream) * 3 + k, stamp(stream, sequence)));
    }
  }
  const DeliveryCounts counts = log.counts();
  EXPECT_EQ(counts.expected, 4U * 5 * 3);
  EXPECT_EQ(counts.received, counts.expected);
  EXPECT_TRUE(counts.is_clean());
}

TEST(DeliveryLogTest, CountsEachKindOfFaultExactly) {
  DeliveryLog log({.rooms = 1, .clients = 2, .streams = 1});
  for (int i = 0; i < 6; ++i) log.next(0);
  for (const std::uint64_t sequence : {0U, 2U, 1U, 5U}) EXPECT_TRUE(log.record(0, stamp(0, sequence)));
  EXPECT_FALSE(log.record(0, stamp(0, 2)));
  for (std::uint64_t sequence = 0; sequence < 6; ++sequence) EXPECT_TRUE(log.record(1, stamp(0, sequence)));
  const DeliveryCounts counts = log.counts();
  EXPECT_EQ(counts.expected, 12U);
  EXPECT_EQ(counts.received, 10U);
  EXPECT_EQ(counts.lost, 2U);
  EXPECT_EQ(counts.doubled, 1U);
  EXPECT_EQ(counts.reordered, 1U);
  EXPECT_EQ(counts.misdelivered, 0U);
  EXPECT_FALSE(counts.is_clean());
}

TEST(DeliveryLogTest, WhatWasNotSentToAClientIsMisdelivered) {
  DeliveryLog log({.rooms = 2, .clients = 1, .streams = 1});
  log.next(0);
  EXPECT_FALSE(log.record(1, stamp(0, 0)));  // another room's
  EXPECT_FALSE(log.record(0, stamp(0, 1)));  // not yet sent
  EXPECT_FALSE(log.record(0, stamp(7, 0)));  // no stream of ours
  EXPECT_EQ(log.counts().misdelivered, 3U);
  EXPECT_EQ(log.counts().lost, 1U);
}

TEST(DeliveryLogTest, ASenderIsNotToReceiveItsOwn) {
  DeliveryLog log({.rooms = 3, .clients = 2, .streams = 2, .clients_publish = true});
  EXPECT_EQ(log.sender_of(4), 4U);
  EXPECT_EQ(log.sender_of(5), 5U);
  log.next(4);
  EXPECT_EQ(log.counts().expected, 1U);
  EXPECT_FALSE(log.record(4, stamp(4, 0)));
  EXPECT_EQ(log.counts().lost, 1U);
  EXPECT_TRUE(log.record(5, stamp(4, 0)));
  EXPECT_EQ(log.counts().lost, 0U);
  EXPECT_EQ(log.counts().misdelivered, 1U);
}

TEST(DeliveryLogTest, WhatTheServerRefusedIsNotLost) {
  DeliveryLog log({.rooms = 1, .clients = 3, .streams = 1});
  log.next(0);
  log.next(0);
  log.refuse(0, 1);
  for (std::uint32_t client = 0; client < 3; ++client) log.record(client, stamp(0, 0));
  const DeliveryCounts counts = log.counts();
  EXPECT_EQ(counts.expected, 3U);
  EXPECT_EQ(counts.lost, 0U);
  EXPECT_EQ(counts.refused, 1U);
}

TEST(DeliveryLogTest, WhatComesLateIsNeitherOfThisStepNorHidesItsLosses) {
  DeliveryLog log({.rooms = 1, .clients = 1, .streams = 1});
  for (int i = 0; i < 3; ++i) log.next(0);
  log.record(0, stamp(0, 0));
  EXPECT_EQ(log.counts().lost, 2U);
  log.begin_step();
  EXPECT_EQ(log.counts().expected, 0U);
  EXPECT_TRUE(log.counts().is_clean());
  for (int i = 0; i < 4; ++i) log.next(0);
  EXPECT_FALSE(log.record(0, stamp(0, 1)));
  EXPECT_FALSE(log.record(0, stamp(0, 2)));
  for (const std::uint64_t sequence : {3U, 6U}) EXPECT_TRUE(log.record(0, stamp(0, sequence)));
  const DeliveryCounts step = log.counts();
  EXPECT_EQ(step.expected, 4U);
  EXPECT_EQ(step.received, 2U);
  EXPECT_EQ(step.lost, 2U);
  EXPECT_EQ(step.doubled + step.reordered + step.misdelivered, 0U);
}

TEST(DeliveryLogTest, WhatNeverComesIsLostToItsOwnStepOnly) {
  DeliveryLog log({.rooms = 1, .clients = 1, .streams = 1});
  for (int i = 0; i < 5; ++i) log.next(0);
  log.record(0, stamp(0, 1));
  EXPECT_EQ(log.counts().lost, 4U);
  log.begin_step();
  log.next(0);
  EXPECT_EQ(log.counts().lost, 1U);
  log.record(0, stamp(0, 5));
  EXPECT_EQ(log.counts().lost, 0U);
  EXPECT_FALSE(log.record(0, stamp(0, 4))) << "behind one of this step";
  EXPECT_EQ(log.counts().reordered, 1U);
  EXPECT_FALSE(log.record(0, stamp(0, 4)));
  EXPECT_EQ(log.counts().doubled, 1U);
}

TEST(DeliveryLogTest, ARefusalOfAnEarlierStepHidesNoLoss) {
  DeliveryLog log({.rooms = 1, .clients = 1, .streams = 1});
  const std::uint64_t early = log.next(0);
  log.begin_step();
  log.next(0);
  log.refuse(0, early);
  EXPECT_EQ(log.counts().refused, 0U);
  EXPECT_EQ(log.counts().lost, 1U);
}

}  // namespace
}  // namespace fanfare::bench
