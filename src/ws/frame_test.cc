#include "ws/frame.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

TEST(FrameTest, HoldsOneWholeTextFrame) {
  const Frame frame = encode_text_frame("Hello");
  EXPECT_EQ(as_text(frame.bytes()), "\x81\x05Hello");
  EXPECT_EQ(frame.payload(), "Hello");
  EXPECT_EQ(frame.size(), 7U);
}

TEST(FrameTest, FindsThePayloadBehindEveryFormOfHeader) {
  for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
    const std::string payload(size, 'x');
    const Frame frame = encode_text_frame(payload);
    EXPECT_EQ(frame.payload(), payload);
    EXPECT_EQ(frame.size(), server_frame_bytes(size));
  }
}

TEST(FrameTest, IsEmptyUntilMade) {
  EXPECT_FALSE(Frame());
  EXPECT_TRUE(encode_text_frame(""));
}

TEST(FrameTest, FramesOfOneChunkAreAdjacent) {
  SharedBytes chunk = SharedBytes::with_capacity(server_frame_bytes(5) + server_frame_bytes(200));
  const Frame first = append_text_frame(chunk, "first");
  const Frame second = append_text_frame(chunk, std::string(200, 's'));
  EXPECT_TRUE(first.slice().chunk.is_same_chunk(second.slice().chunk));
  EXPECT_EQ(first.slice().begin, 0U);
  EXPECT_EQ(first.slice().end, second.slice().begin);
  EXPECT_EQ(first.payload(), "first");
  EXPECT_EQ(second.payload(), std::string(200, 's'));
  EXPECT_EQ(chunk.room(), 0U);
}

TEST(FrameTest, OutlivesTheChunksOwner) {
  SharedBytes chunk = SharedBytes::with_capacity(100);
  const Frame frame = append_text_frame(chunk, "kept");
  chunk = SharedBytes();
  EXPECT_EQ(frame.payload(), "kept");
}

TEST(FrameTest, MakesControlFrames) {
  EXPECT_EQ(as_text(close_frame(CloseCode::kNormal, "bye").bytes()),
            "\x88\x05\x03\xE8"
            "bye");
  EXPECT_EQ(as_text(close_frame(CloseCode::kNoStatus, "").bytes()), std::string_view("\x88\x00", 2));
  EXPECT_EQ(as_text(ping_frame().bytes()), std::string_view("\x89\x00", 2));
  EXPECT_EQ(as_text(pong_frame(as_bytes("same")).bytes()), "\x8A\x04same");
}

TEST(FrameDeathTest, RefusesAChunkWithoutRoom) {
  SharedBytes chunk = SharedBytes::with_capacity(6);
  EXPECT_DEATH(append_text_frame(chunk, "Hello"), "room");
}

}  // namespace
}  // namespace fanfare::ws
