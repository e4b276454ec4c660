#include "bench/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

using testing::HasSubstr;

std::string fault_of(const BenchOptions& options) {
  const Status checked = check_options(options);
  return checked.ok() ? "" : checked.error().message;
}

TEST(BenchOptionsTest, WhatIsUsualIsFine) {
  for (const Scenario scenario : {Scenario::kFanout, Scenario::kRooms, Scenario::kClientEvents, Scenario::kPresence,
                                  Scenario::kIdle, Scenario::kPublish, Scenario::kChurn, Scenario::kMax}) {
    EXPECT_EQ(fault_of({.scenario = scenario}), "");
  }
  EXPECT_EQ(fault_of({.clients = 5, .publishers = 5, .by = PublishBy::kClientEvents}), "");
  EXPECT_EQ(fault_of({.scenario = Scenario::kRooms, .clients = 1, .rooms = 1'000'000}), "");
  EXPECT_EQ(fault_of({.scenario = Scenario::kPublish, .data_bytes = 10'000, .batch = 100}), "");
}

TEST(BenchOptionsTest, OnlySubscribersSendClientEvents) {
  for (const Scenario scenario : {Scenario::kFanout, Scenario::kMax}) {
    BenchOptions options{.scenario = scenario, .clients = 5, .publishers = 6};
    EXPECT_EQ(fault_of(options), "");
    options.by = PublishBy::kClientEvents;
    EXPECT_THAT(fault_of(options), HasSubstr("--publishers 6"));
  }
  EXPECT_THAT(fault_of({.batch = 2, .by = PublishBy::kClientEvents}), HasSubstr("one by one"));
}

TEST(BenchOptionsTest, ProductsDoNotOverflow) {
  // 2^32 and a little: the product in 32 bits would be small.
  EXPECT_THAT(fault_of({.scenario = Scenario::kRooms, .clients = 4'295, .rooms = 1'000'000}),
              HasSubstr("1000000 channels of 4295"));
  EXPECT_THAT(fault_of({.clients = 1'000'000, .publishers = 4'295}), HasSubstr("too many"));
  EXPECT_THAT(fault_of({.scenario = Scenario::kPublish, .data_bytes = 1'000'000, .batch = 4'295}), HasSubstr("bytes"));
}

}  // namespace
}  // namespace fanfare::bench
