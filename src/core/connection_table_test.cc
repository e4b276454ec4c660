#include "core/connection_table.h"

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using test::FakeSubscriber;

TEST(ConnectionTableTest, AConnectionIsFoundUntilItIsRemoved) {
  ConnectionTable table(LoopIndex(3));
  FakeSubscriber subscriber;
  table.add(subscriber);
  EXPECT_FALSE(subscriber.ref().is_nobody());
  EXPECT_EQ(subscriber.ref().loop(), LoopIndex(3));
  EXPECT_EQ(table.find(subscriber.ref()), &subscriber);
  EXPECT_EQ(table.size(), 1U);
  table.remove(subscriber);
  EXPECT_EQ(table.find(subscriber.ref()), nullptr);
  EXPECT_EQ(table.size(), 0U);
}

TEST(ConnectionTableTest, AUsedSlotGetsANewNonceSoThatTheOldRefFindsNobody) {
  ConnectionTable table(LoopIndex(0));
  std::set<std::uint32_t> nonces;
  for (int i = 0; i < 20; ++i) {
    FakeSubscriber first;
    table.add(first);
    table.remove(first);
    FakeSubscriber second;
    table.add(second);
    EXPECT_EQ(second.ref().slot(), first.ref().slot());
    EXPECT_EQ(table.find(first.ref()), nullptr);
    EXPECT_EQ(table.find(second.ref()), &second);
    nonces.insert(second.ref().nonce());
    table.remove(second);
  }
  EXPECT_GT(nonces.size(), 15U);  // and an unpredictable one
}

TEST(ConnectionTableTest, RefsOfNobodyOtherLoopsAndUnknownSlotsAreNotFound) {
  ConnectionTable table(LoopIndex(0));
  FakeSubscriber subscriber;
  table.add(subscriber);
  const ConnectionRef ref = subscriber.ref();
  EXPECT_EQ(table.find(ConnectionRef{}), nullptr);
  EXPECT_EQ(table.find(ConnectionRef(LoopIndex(1), ref.slot(), ref.nonce())), nullptr);
  EXPECT_EQ(table.find(ConnectionRef(LoopIndex(0), ref.slot() + 1, ref.nonce())), nullptr);
  EXPECT_EQ(table.find(ConnectionRef(LoopIndex(0), ref.slot(), ref.nonce() + 1)), nullptr);
}

TEST(ConnectionTableTest, ARefSurvivesItsSocketId) {
  const ConnectionRef ref(LoopIndex(63), ConnectionRef::kSlotsMax, 42);
  const ConnectionRef same(ref.socket_id());
  EXPECT_EQ(same, ref);
  EXPECT_EQ(same.loop(), LoopIndex(63));
  EXPECT_EQ(same.slot(), ConnectionRef::kSlotsMax);
  EXPECT_EQ(same.nonce(), 42U);
}

TEST(ConnectionTableTest, EveryoneIsVisitedOnce) {
  ConnectionTable table(LoopIndex(0));
  FakeSubscriber a;
  FakeSubscriber b;
  FakeSubscriber c;
  for (FakeSubscriber* each : {&a, &b, &c}) table.add(*each);
  table.remove(b);
  std::multiset<Subscriber*> seen;
  table.for_each([&](Subscriber& subscriber) { seen.insert(&subscriber); });
  EXPECT_EQ(seen, (std::multiset<Subscriber*>{&a, &c}));
}

TEST(ConnectionTableTest, LooksAtThoseForWhomItIsTime) {
  ConnectionTable table(LoopIndex(0));
  const MonotonicTime start{std::chrono::hours(5)};
  FakeSubscriber soon;
  FakeSubscriber late;
  soon.look_again = std::chrono::milliseconds(1000);
  const auto round = [&](MonotonicTime now) {
    table.look_at_due(0, table.slots(), now, [now](Subscriber& one) { return one.on_round(now); });
  };
  table.add(soon);
  table.add(late);
  round(start);
  round(start);
  EXPECT_EQ(soon.looks.size(), 1U);
  EXPECT_EQ(late.looks.size(), 1U);
  round(start + std::chrono::milliseconds(999));
  EXPECT_EQ(soon.looks.size(), 1U);
  round(start + std::chrono::milliseconds(1125));
  EXPECT_EQ(soon.looks.size(), 2U);
  EXPECT_EQ(late.looks.size(), 1U);

  table.remove(soon);
  FakeSubscriber heir;
  table.add(heir);
  round(start + std::chrono::milliseconds(1125));
  EXPECT_EQ(heir.looks.size(), 1U) << "in another's slot it is looked at anew";
  EXPECT_EQ(table.slots(), 2U);
}

TEST(ConnectionTableTest, LooksAtNobodyOutsideTheGivenSlots) {
  ConnectionTable table(LoopIndex(0));
  std::vector<FakeSubscriber> all(5);
  for (FakeSubscriber& each : all) table.add(each);
  table.look_at_due(1, 3, MonotonicTime{}, [](Subscriber& one) { return one.on_round({}); });
  std::string looked;
  for (const FakeSubscriber& each : all) looked += each.looks.empty() ? '-' : 'x';
  EXPECT_EQ(looked, "-xx--");
}

}  // namespace
}  // namespace fanfare::core
