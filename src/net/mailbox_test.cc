#include "net/mailbox.h"

#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

TEST(MailboxTest, RunsTasksInTheOrderOfPosting) {
  Mailbox mailbox(8);
  std::vector<int> ran;
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(mailbox.post([&ran, i] { ran.push_back(i); }));
  EXPECT_EQ(mailbox.depth(), 5U);
  EXPECT_EQ(mailbox.run(100), 5U);
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(mailbox.depth(), 0U);
}

TEST(MailboxTest, ABoundedRunLeavesTheRestInOrder) {
  Mailbox mailbox(8);
  std::vector<int> ran;
  for (int i = 0; i < 4; ++i) (void)mailbox.post([&ran, i] { ran.push_back(i); });
  EXPECT_EQ(mailbox.run(3), 3U);
  (void)mailbox.post([&ran] { ran.push_back(4); });
  EXPECT_FALSE(mailbox.try_sleep());
  EXPECT_EQ(mailbox.run(3), 2U);
  EXPECT_EQ(ran, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(MailboxTest, ATaskThatPostsItselfCannotKeepTheConsumer) {
  Mailbox mailbox(8);
  std::function<void()> again = [&] { (void)mailbox.post([&] { again(); }); };
  again();
  EXPECT_EQ(mailbox.run(10), 10U);
  EXPECT_EQ(mailbox.depth(), 1U);
}

TEST(MailboxTest, OnlyReservedPostsCountAgainstTheBound) {
  Mailbox mailbox(2);
  for (int i = 0; i < 10; ++i) (void)mailbox.post([] {});
  EXPECT_TRUE(mailbox.try_reserve(2));
  EXPECT_FALSE(mailbox.try_reserve(1));
  (void)mailbox.post_reserved([] {});
  mailbox.release(1);
  EXPECT_TRUE(mailbox.try_reserve(1));
  EXPECT_FALSE(mailbox.try_reserve(1));
  mailbox.run(100);  // gives back the place of the post, not the one that is still held
  EXPECT_EQ(mailbox.reserved(), 1U);
  EXPECT_TRUE(mailbox.try_reserve(1));
}

TEST(MailboxTest, AReservationIsAllOrNothing) {
  Mailbox mailbox(3);
  EXPECT_FALSE(mailbox.try_reserve(4));
  EXPECT_FALSE(mailbox.try_reserve(static_cast<std::size_t>(-1)));
  EXPECT_EQ(mailbox.reserved(), 0U);
  EXPECT_TRUE(mailbox.try_reserve(3));
  EXPECT_TRUE(mailbox.try_reserve(0));
}

TEST(MailboxTest, OnlyTheFirstPostToASleeperIsToldToWakeIt) {
  Mailbox mailbox(1);
  EXPECT_TRUE(mailbox.try_sleep());
  EXPECT_TRUE(mailbox.post([] {}));
  EXPECT_FALSE(mailbox.post([] {}));
  EXPECT_FALSE(mailbox.try_sleep());
  mailbox.run(100);
  EXPECT_TRUE(mailbox.try_sleep());
  mailbox.run(100);  // awake without a post
  EXPECT_FALSE(mailbox.post([] {}));
}

TEST(MailboxTest, ATaskIsDestroyedBeforeTheNextOneRuns) {
  Mailbox mailbox(1);
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = held;
  (void)mailbox.post([held = std::move(held)] {});
  (void)mailbox.post([&watched] { EXPECT_TRUE(watched.expired()); });
  mailbox.run(2);
}

TEST(MailboxTest, DiscardDestroysWithoutRunningAndFreesThePlaces) {
  Mailbox mailbox(1);
  auto held = std::make_shared<int>(0);
  ASSERT_TRUE(mailbox.try_reserve(1));
  (void)mailbox.post_reserved([held] { FAIL(); });
  EXPECT_EQ(mailbox.discard(), 1U);
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(mailbox.reserved(), 0U);
  EXPECT_EQ(mailbox.depth(), 0U);
}

TEST(MailboxTest, KeepsTheOrderOfEachSenderAcrossThreads) {
  constexpr int kSenders = 4;
  constexpr int kPosts = 5000;
  Mailbox mailbox(64);
  std::vector<int> next(kSenders, 0);  // the consumer's
  std::vector<std::thread> senders;
  for (std::size_t sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&mailbox, &next, sender] {
      for (int i = 0; i < kPosts; ++i) {
        auto task = [&next, sender, i] {
          EXPECT_EQ(next[sender], i);
          next[sender] = i + 1;
        };
        // Both ways of posting, mixed.
        if (i % 2 == 0 && mailbox.try_reserve(1)) {
          (void)mailbox.post_reserved(task);
        } else {
          (void)mailbox.post(task);
        }
      }
    });
  }
  std::size_t ran = 0;
  while (ran < static_cast<std::size_t>(kSenders) * kPosts) {
    EXPECT_LE(mailbox.reserved(), 64U);
    ran += mailbox.run(100);
    std::this_thread::yield();
  }
  for (std::thread& sender : senders) sender.join();
  EXPECT_EQ(next, std::vector<int>(kSenders, kPosts));
  EXPECT_EQ(mailbox.reserved(), 0U);
}

}  // namespace
}  // namespace fanfare::net
