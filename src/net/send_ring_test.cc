#include "net/send_ring.h"

#include <array>
#include <cerrno>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/io_uring_test_support.h"
#include "net/stream_test_support.h"
#include "net/unique_fd.h"

namespace fanfare::net {
namespace {

// Two ends of a Unix socket, both non-blocking.
struct Pair {
  Pair() {
    std::array<int, 2> ends{-1, -1};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours.reset(ends[0]);
    peer = std::make_unique<Peer>(UniqueFd(ends[1]));
  }
  // Until the kernel takes no more.
  void fill_up() const {
    const std::string text(4096, 'f');
    while (::send(ours.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
  }

  UniqueFd ours;
  std::unique_ptr<Peer> peer;
};

class SendRingTest : public testing::Test {
 protected:
  void SetUp() override {
    auto ring = SendRing::open();
    if (!ring.ok()) GTEST_SKIP() << "no io_uring here: " << ring.error().message;
    ring_ = *std::move(ring);
  }
  void add(const Pair& pair, const std::vector<std::string_view>& texts) {
    const std::span<iovec> parts = ring_->next_parts();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      parts[i] = {.iov_base = const_cast<char*>(texts[i].data()), .iov_len = texts[i].size()};
    }
    ring_->add(pair.ours.get(), texts.size());
  }
  std::vector<int> run() {
    const std::span<const int> results = ring_->run();
    return {results.begin(), results.end()};
  }

  std::unique_ptr<SendRing> ring_;
};

TEST_F(SendRingTest, SendsToEachSocketWhatIsForIt) {
  const std::array<Pair, 3> pairs;
  add(pairs[0], {"one"});
  add(pairs[1], {"tw", "", "o!"});
  add(pairs[2], {"three"});
  EXPECT_EQ(ring_->size(), 3U);
  EXPECT_EQ(run(), (std::vector<int>{3, 4, 5}));
  for (const Pair& pair : pairs) pair.peer->receive();
  EXPECT_EQ(pairs[0].peer->received, "one");
  EXPECT_EQ(pairs[1].peer->received, "two!");
  EXPECT_EQ(pairs[2].peer->received, "three");
  EXPECT_EQ(ring_->size(), 0U);
}

TEST_F(SendRingTest, AFullSocketIsToldAtOnceAndHoldsUpNobody) {
  const std::array<Pair, 3> pairs;
  pairs[1].fill_up();
  for (const Pair& pair : pairs) add(pair, {"text"});
  EXPECT_EQ(run(), (std::vector<int>{4, -EAGAIN, 4}));
}

TEST_F(SendRingTest, TellsHowMuchOfALargeSendWentIn) {
  const Pair pair;
  const std::string text = numbered_text(8 << 20);
  add(pair, {std::string_view(text).substr(0, 4 << 20), std::string_view(text).substr(4 << 20)});
  const int taken = run().front();
  EXPECT_GT(taken, 0);
  EXPECT_LT(taken, 8 << 20);
  pair.peer->receive(8 << 20);
  while (pair.peer->received.size() < static_cast<std::size_t>(taken)) pair.peer->receive(8 << 20);
  EXPECT_TRUE(pair.peer->received == text.substr(0, static_cast<std::size_t>(taken)));
}

TEST_F(SendRingTest, ABrokenSocketIsAnErrorOfItsOwn) {
  const std::array<Pair, 3> pairs;
  pairs[0].peer->close();
  add(pairs[0], {"text"});
  const std::span<iovec> parts = ring_->next_parts();
  parts[0] = {.iov_base = const_cast<char*>("text"), .iov_len = 4};
  ring_->add(-1, 1);
  add(pairs[2], {"text"});
  EXPECT_EQ(run(), (std::vector<int>{-EPIPE, -EBADF, 4}));
  EXPECT_FALSE(ring_->is_broken());
}

TEST_F(SendRingTest, HasRoomForSoManySendsAndAgainAfterEachRun) {
  const Pair pair;
  for (int round = 0; round < 5; ++round) {
    for (std::size_t i = 0; i < SendRing::kSendsMax; ++i) {
      ASSERT_TRUE(ring_->has_room());
      add(pair, {"x"});
    }
    EXPECT_FALSE(ring_->has_room());
    EXPECT_EQ(run(), std::vector<int>(SendRing::kSendsMax, 1));
    pair.peer->receive();
  }
  EXPECT_EQ(pair.peer->received, std::string(5 * SendRing::kSendsMax, 'x'));
}

TEST_F(SendRingTest, ManyPartsFillItToo) {
  const Pair pair;
  const std::vector<std::string_view> many(SendRing::kPartsPerSendMax, "y");
  std::size_t sends = 0;
  for (; ring_->has_room(); ++sends) add(pair, many);
  EXPECT_GT(sends, 1U);
  EXPECT_LT(sends, SendRing::kSendsMax);
  EXPECT_EQ(run(), std::vector<int>(sends, static_cast<int>(many.size())));
  pair.peer->receive();
  EXPECT_EQ(pair.peer->received, std::string(sends * many.size(), 'y'));
}

TEST_F(SendRingTest, AKernelThatRefusesIsAnErrorWithItsReason) {
  on_own_thread([] {
    ASSERT_TRUE(refuse_syscalls({SYS_io_uring_setup}));
    const auto ring = SendRing::open();
    ASSERT_FALSE(ring.ok());
    EXPECT_EQ(ring.error().message, "Operation not permitted");
  });
}

TEST_F(SendRingTest, AKernelThatRefusesLaterHasSentNothing) {
  const Pair pair;
  on_own_thread([&] {
    ASSERT_TRUE(refuse_syscalls({SYS_io_uring_enter}));
    add(pair, {"text"});
    EXPECT_EQ(run(), (std::vector<int>{SendRing::kNotTried}));
    EXPECT_TRUE(ring_->is_broken());
  });
  pair.peer->receive();
  EXPECT_EQ(pair.peer->received, "");
}

}  // namespace
}  // namespace fanfare::net
