#include "ws/frame_encoder.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ws/frame_parser.h"

namespace fanfare::ws {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(const EncodedHeader& header) { return {header.view().begin(), header.view().end()}; }
Bytes server_header(std::uint64_t size) { return bytes_of(encode_server_header({.opcode = Opcode::kBinary}, size)); }

TEST(FrameEncoderTest, UsesTheShortestFormOfTheLength) {
  EXPECT_EQ(server_header(0), (Bytes{0x82, 0}));
  EXPECT_EQ(server_header(125), (Bytes{0x82, 125}));
  EXPECT_EQ(server_header(126), (Bytes{0x82, 126, 0, 126}));
  EXPECT_EQ(server_header(65535), (Bytes{0x82, 126, 0xFF, 0xFF}));
  EXPECT_EQ(server_header(65536), (Bytes{0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0}));
}

TEST(FrameEncoderTest, TellsTheSizesOfServerFrames) {
  for (const std::size_t size : {0U, 125U, 126U, 65535U, 65536U}) {
    EXPECT_EQ(server_header_bytes(size), server_header(size).size());
    std::string frame;
    append_server_frame(frame, {}, as_bytes(std::string(size, 'x')));
    EXPECT_EQ(server_frame_bytes(size), frame.size());
  }
}

TEST(FrameEncoderTest, SetsFinOpcodeAndReservedBits) {
  const FrameKind kind{.opcode = Opcode::kText, .is_final = false, .reserved_bits = kRsv1};
  EXPECT_EQ(bytes_of(encode_server_header(kind, 1)), (Bytes{0x41, 1}));
  EXPECT_EQ(bytes_of(encode_server_header({.opcode = Opcode::kPing}, 0)), (Bytes{0x89, 0}));
}

TEST(FrameEncoderTest, EncodesTheHelloFramesOfSection57) {
  std::string unmasked;
  append_server_frame(unmasked, {}, as_bytes("Hello"));
  EXPECT_EQ(unmasked, "\x81\x05Hello");
  std::string masked = "before";
  append_client_frame(masked, {}, as_bytes("Hello"), {0x37, 0xFA, 0x21, 0x3D});
  EXPECT_EQ(masked, "before\x81\x85\x37\xFA\x21\x3D\x7F\x9F\x4D\x51\x58");
}

TEST(ClosePayloadTest, HoldsCodeAndReason) {
  EXPECT_EQ(close_payload(CloseCode::kNormal, "bye"),
            "\x03\xE8"
            "bye");
  EXPECT_EQ(close_payload(static_cast<CloseCode>(4001), ""), "\x0F\xA1");
  EXPECT_EQ(close_payload(CloseCode::kNoStatus, "ignored"), "");
}

TEST(ClosePayloadTest, CutsTheReasonAtACharacter) {
  EXPECT_EQ(close_payload(CloseCode::kNormal, std::string(123, 'x')).size(), 125U);
  EXPECT_EQ(close_payload(CloseCode::kNormal, std::string(124, 'x')).size(), 125U);
  const std::string reason = std::string(122, 'x') + "\xC3\xA9";
  EXPECT_EQ(close_payload(CloseCode::kNormal, reason), "\x03\xE8" + std::string(122, 'x'));
}

TEST(FrameEncoderDeathTest, RefusesWhatMayNotBeOnTheWire) {
  std::string to;
  EXPECT_DEATH(append_server_frame(to, {.opcode = Opcode::kPing}, as_bytes(std::string(126, 'x'))), "payload");
  EXPECT_DEATH(static_cast<void>(close_payload(CloseCode::kAbnormal, "")), "is_wire_close_code");
}

}  // namespace
}  // namespace fanfare::ws
