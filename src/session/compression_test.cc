#include "session/compression.h"

#include <string>

#include <gtest/gtest.h>

#include "support/manual_clock.h"
#include "ws/frame.h"

namespace fanfare::session {
namespace {

using std::chrono::milliseconds;

// A millisecond goes by each time that it is looked at.
class TickingClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return now_ += milliseconds(1); }
  WallTime wall() const override { return {}; }

 private:
  mutable MonotonicTime now_{std::chrono::hours(1)};
};

class CompressionTest : public testing::Test {
 protected:
  CompressionTest() { options_.enabled = true; }

  LocalSlice deflated(const LocalSlice& frames) { return compression_.deflate_frames(frames, 15); }
  static LocalSlice frame_of(std::size_t payload_bytes) {
    return LocalSlice(ws::encode_text_frame(std::string(payload_bytes, 'x')).slice());
  }
  // The first bytes of a delivery's frames.
  static bool is_deflated(const LocalSlice& frames) { return frames.view()[0] == 0xC1; }

  CompressionOptions options_;
  net::NetStats loop_;
  ManualClock clock_;
  SessionStats stats_;
  Compression compression_{options_, loop_, clock_, stats_};
  core::App app_;
};

constexpr const char* kOffered = "permessage-deflate; client_max_window_bits";

TEST_F(CompressionTest, IsAgreedOnWhereServerAndAppWantIt) {
  EXPECT_TRUE(compression_.agree(kOffered, app_).has_value());
  EXPECT_FALSE(compression_.agree("", app_).has_value());
  EXPECT_FALSE(compression_.agree("x-other", app_).has_value());
  app_.switches.compression = false;
  EXPECT_FALSE(compression_.agree(kOffered, app_).has_value());
  EXPECT_TRUE(compression_.agree(kOffered).has_value());
  options_.enabled = false;
  EXPECT_FALSE(compression_.agree(kOffered).has_value());
  app_.switches.compression = true;
  EXPECT_FALSE(compression_.agree(kOffered, app_).has_value());
}

TEST_F(CompressionTest, OffersWhatIsSet) {
  options_.server_context_takeover = true;
  options_.client_context_takeover = true;
  options_.client_window_bits = 10;
  EXPECT_EQ(compression_.agree(kOffered, app_)->extension, "permessage-deflate; client_max_window_bits=10");
}

// A dropped event would be missing in the client's window.
TEST_F(CompressionTest, WhereEventsMayBeDroppedNoneRefersToAnother) {
  options_.server_context_takeover = true;
  EXPECT_TRUE(compression_.agree(kOffered, app_)->agreement.server_takes_over);
  app_.slow_consumer = core::SlowConsumerPolicy::kDropOldest;
  EXPECT_FALSE(compression_.agree(kOffered, app_)->agreement.server_takes_over);
}

TEST_F(CompressionTest, ShortMessagesStayAsTheyAreAndCostNothing) {
  const LocalSlice frames = frame_of(options_.message_bytes_min - 1);
  EXPECT_EQ(deflated(frames).view().data(), frames.view().data());
  EXPECT_TRUE(is_deflated(deflated(frame_of(options_.message_bytes_min))));
  EXPECT_EQ(stats_.deflated_messages.value(), 1U);
}

TEST_F(CompressionTest, OfABurstEachMessageIsJudgedByItself) {
  SharedBytes chunk = SharedBytes::with_capacity(2000);
  const ws::Frame first = ws::append_text_frame(chunk, "short");
  (void)ws::append_text_frame(chunk, std::string(1000, 'x'));
  const ws::Frame last = ws::append_text_frame(chunk, "end");
  LocalSlice burst(first.slice());
  burst.end = last.slice().end;
  const LocalSlice result = deflated(burst);
  const std::string text(as_text(result.view()));
  EXPECT_EQ(text.substr(0, 8), "\x81\x05short\xC1");
  EXPECT_EQ(text.substr(text.size() - 5),
            "\x81\x03"
            "end");
  EXPECT_LT(text.size(), 50U);
}

TEST_F(CompressionTest, WhatDoesNotShrinkIsShared) {
  std::string noise;
  for (unsigned i = 0, state = 1; i < 1000; ++i) {
    state = state * 1664525 + 1013904223;
    noise += static_cast<char>(state >> 24U);
  }
  const LocalSlice frames(ws::encode_text_frame(noise).slice());
  EXPECT_EQ(deflated(frames).view().data(), frames.view().data());
  EXPECT_EQ(stats_.deflated_messages.value(), 0U);
}

TEST_F(CompressionTest, CountsWhatItSaves) {
  EXPECT_LT(deflated(frame_of(1000)).size(), 30U);
  EXPECT_EQ(stats_.deflated_bytes_before.value(), 1004U);
  EXPECT_LT(stats_.deflated_bytes_after.value(), 30U);
}

TEST_F(CompressionTest, WithoutTimeMessagesStayPlain) {
  options_.cpu_percent_max = 10;
  const TickingClock clock;
  Compression compression(options_, loop_, clock, stats_);
  int made = 0;
  for (int i = 0; i < 200; ++i) made += is_deflated(compression.deflate_frames(frame_of(1000), 15)) ? 1 : 0;
  EXPECT_GT(made, 10);
  EXPECT_LT(made, 60) << "of each third or fourth millisecond one was spent, where one in ten may be";
  EXPECT_EQ(stats_.deflate_held_back.value(), 200U - static_cast<unsigned>(made));
  EXPECT_EQ(stats_.deflate_us.value(), static_cast<unsigned>(made) * 1000U);
}

TEST_F(CompressionTest, ABusyLoopLeavesMessagesPlain) {
  EXPECT_TRUE(is_deflated(deflated(frame_of(1000))));
  clock_.advance(milliseconds(100));
  loop_.busy_us.add(90'000);
  EXPECT_FALSE(is_deflated(deflated(frame_of(1000))));
  std::string frame;
  compression_.append_frame(frame, std::string(1000, 'x'), {});
  EXPECT_EQ(frame[0], '\x81');
  clock_.advance(milliseconds(100));
  EXPECT_TRUE(is_deflated(deflated(frame_of(1000))));
}

TEST_F(CompressionTest, AFrameForOneConnectionMayReferToEarlierOnes) {
  deflate::History sent(15);
  std::string text;
  for (int i = 0; i < 100; ++i) text += std::to_string(i * 7919);
  std::string first;
  std::string second;
  compression_.append_frame(first, text, {15, &sent});
  compression_.append_frame(second, text, {15, &sent});
  EXPECT_LT(second.size(), first.size() / 4);
}

}  // namespace
}  // namespace fanfare::session
