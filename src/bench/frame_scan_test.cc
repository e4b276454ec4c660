#include "bench/frame_scan.h"

#include <string>

#include <gtest/gtest.h>

#include "ws/frame_encoder.h"

namespace fanfare::bench {
namespace {

using Outcome = ScannedFrame::Outcome;

TEST(FrameScanTest, FindsFramesOfEveryLength) {
  for (const std::size_t length : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
    const std::string payload(length, 'x');
    std::string bytes;
    ws::append_server_frame(bytes, {}, as_bytes(payload));
    const std::size_t frame_bytes = bytes.size();
    bytes += "next";
    const ScannedFrame frame = scan_frame(as_bytes(bytes));
    EXPECT_EQ(frame.outcome, Outcome::kFrame);
    EXPECT_EQ(frame.payload, payload);
    EXPECT_EQ(frame.bytes, frame_bytes);
  }
}

TEST(FrameScanTest, WaitsForTheRest) {
  std::string bytes;
  ws::append_server_frame(bytes, {}, as_bytes(std::string(300, 'x')));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const ScannedFrame frame = scan_frame(as_bytes(bytes).first(size));
    EXPECT_EQ(frame.outcome, Outcome::kIncomplete);
    EXPECT_GT(frame.bytes, size);
    EXPECT_LE(frame.bytes, bytes.size());
  }
}

TEST(FrameScanTest, ALengthBeyondAllMemoryIsIncompleteAndNothingElse) {
  const std::string bytes("\x81\x7F\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 10);
  EXPECT_EQ(scan_frame(as_bytes(bytes)).outcome, Outcome::kIncomplete);
}

TEST(FrameScanTest, RefusesWhatItCannotRead) {
  for (const char* bytes : {"\x01\x01x", "\x80\x01x", "\xC1\x01x", "\x81\x81xxxxx"}) {
    EXPECT_EQ(scan_frame(as_bytes(bytes)).outcome, Outcome::kUnreadable);
  }
}

}  // namespace
}  // namespace fanfare::bench
