#include "ws/frame_parser.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ws/frame_encoder.h"

namespace fanfare::ws {
namespace {

using Outcome = FrameParser::Outcome;
using Bytes = std::vector<std::uint8_t>;

constexpr MaskingKey kKey = {0x37, 0xFA, 0x21, 0x3D};

Bytes to_bytes(const std::string& text) { return {text.begin(), text.end()}; }

Bytes client_frame(FrameKind kind, std::size_t payload_bytes) {
  std::string frame;
  append_client_frame(frame, kind, as_bytes(std::string(payload_bytes, 'x')), kKey);
  return to_bytes(frame);
}

// The first fault that `bytes` show; empty: none.
std::string first_fault(Bytes bytes, Role role = Role::kServer, std::uint8_t allowed_reserved_bits = 0) {
  FrameParser parser(role, allowed_reserved_bits);
  MutableBytes input(bytes);
  for (;;) {
    const FrameParser::Step step = parser.next(input);
    if (step.outcome == Outcome::kError) return std::string(step.reason);
    if (step.outcome == Outcome::kNeedsMore) return {};
  }
}

TEST(FrameParserTest, IsSmall) { EXPECT_LE(sizeof(FrameParser), 24U); }

TEST(FrameParserTest, ReadsTheMaskedHelloOfSection57) {
  Bytes bytes = {0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58};
  FrameParser parser(Role::kServer);
  MutableBytes input(bytes);
  const FrameParser::Step step = parser.next(input);
  ASSERT_EQ(step.outcome, Outcome::kPiece);
  EXPECT_EQ(step.piece.opcode, Opcode::kText);
  EXPECT_TRUE(step.piece.is_final);
  EXPECT_TRUE(step.piece.is_first_piece);
  EXPECT_EQ(step.piece.remaining, 0U);
  EXPECT_EQ(as_text(step.piece.payload), "Hello");
  EXPECT_EQ(step.piece.payload.data(), bytes.data() + 6) << "unmasked where it lies";
  EXPECT_TRUE(input.empty());
  EXPECT_EQ(parser.next(input).outcome, Outcome::kNeedsMore);
}

TEST(FrameParserTest, ReadsTheUnmaskedHelloOfSection57AsAClient) {
  Bytes bytes = {0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F};
  FrameParser parser(Role::kClient);
  MutableBytes input(bytes);
  EXPECT_EQ(as_text(parser.next(input).piece.payload), "Hello");
}

TEST(FrameParserTest, ReadsEveryFormOfTheLengthAtItsBoundaries) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 127U, 65535U, 65536U, 65537U}) {
    for (const Role role : {Role::kServer, Role::kClient}) {
      std::string frame;
      const std::string payload(size, 'p');
      if (role == Role::kServer) append_client_frame(frame, {.opcode = Opcode::kBinary}, as_bytes(payload), kKey);
      if (role == Role::kClient) append_server_frame(frame, {.opcode = Opcode::kBinary}, as_bytes(payload));
      Bytes bytes = to_bytes(frame);
      FrameParser parser(role);
      MutableBytes input(bytes);
      const FrameParser::Step step = parser.next(input);
      ASSERT_EQ(step.outcome, Outcome::kPiece) << size;
      EXPECT_EQ(as_text(step.piece.payload), payload);
      EXPECT_TRUE(parser.is_between_frames());
    }
  }
}

TEST(FrameParserTest, GivesTheHeaderBeforeAnyPayloadArrived) {
  Bytes bytes = client_frame({.opcode = Opcode::kText, .is_final = false}, 300);
  FrameParser parser(Role::kServer);
  MutableBytes input = MutableBytes(bytes).first(8);
  const FrameParser::Step header = parser.next(input);
  ASSERT_EQ(header.outcome, Outcome::kPiece);
  EXPECT_TRUE(header.piece.is_first_piece);
  EXPECT_FALSE(header.piece.is_final);
  EXPECT_EQ(header.piece.length(), 300U);
  EXPECT_EQ(header.piece.remaining, 300U);
  EXPECT_FALSE(parser.is_between_frames());

  input = MutableBytes(bytes).subspan(8, 100);
  const FrameParser::Step middle = parser.next(input);
  EXPECT_FALSE(middle.piece.is_first_piece);
  EXPECT_EQ(middle.piece.opcode, Opcode::kText);
  EXPECT_EQ(middle.piece.remaining, 200U);
  EXPECT_EQ(as_text(middle.piece.payload), std::string(100, 'x'));
}

// The payload that a server reads from one frame that comes in two parts.
std::string payload_of_parts(Bytes bytes, std::size_t cut) {
  FrameParser parser(Role::kServer);
  std::string payload;
  for (MutableBytes input : {MutableBytes(bytes).first(cut), MutableBytes(bytes).subspan(cut)}) {
    for (auto step = parser.next(input); step.outcome == Outcome::kPiece; step = parser.next(input)) {
      payload += as_text(step.piece.payload);
    }
  }
  return payload;
}

TEST(FrameParserTest, AHeaderMayBeSplitAtAnyByte) {
  for (const std::size_t size : {5U, 126U, 65536U}) {
    const Bytes frame = client_frame({.opcode = Opcode::kBinary}, size);
    for (std::size_t cut = 1; cut < std::min<std::size_t>(16, frame.size()); ++cut) {
      EXPECT_EQ(payload_of_parts(frame, cut), std::string(size, 'x')) << cut;
    }
  }
}

TEST(FrameParserTest, RefusesEveryReservedOpcode) {
  for (int opcode = 0; opcode < 16; ++opcode) {
    const bool is_reserved = (opcode >= 3 && opcode <= 7) || opcode >= 11;
    const std::string fault = first_fault({static_cast<std::uint8_t>(0x80 | opcode)});
    EXPECT_EQ(fault, is_reserved ? "reserved opcode" : "") << opcode;
  }
}

TEST(FrameParserTest, RefusesReservedBitsUnlessAllowed) {
  for (const std::uint8_t bit : {kRsv1, kRsv2, kRsv3}) {
    const auto text = static_cast<std::uint8_t>(0x81 | bit);
    EXPECT_EQ(first_fault({text}), "reserved bit set without an extension that defines it");
    EXPECT_EQ(first_fault({text}, Role::kServer, bit), "");
    const auto ping = static_cast<std::uint8_t>(0x89 | bit);
    EXPECT_EQ(first_fault({ping}, Role::kServer, bit), "reserved bit set on a control frame");
  }
}

TEST(FrameParserTest, TellsWhichAllowedReservedBitsAreSet) {
  Bytes bytes = client_frame({.reserved_bits = kRsv1}, 3);
  FrameParser parser(Role::kServer, kRsv1);
  MutableBytes input(bytes);
  EXPECT_EQ(parser.next(input).piece.reserved_bits, kRsv1);
}

TEST(FrameParserTest, RefusesFragmentedControlFrames) {
  for (const int opcode : {0x8, 0x9, 0xA})
    EXPECT_EQ(first_fault({static_cast<std::uint8_t>(opcode)}), "fragmented control frame");
}

TEST(FrameParserTest, RefusesControlPayloadsAbove125Bytes) {
  EXPECT_EQ(first_fault({0x89, 0x80 | 125}), "");
  EXPECT_EQ(first_fault({0x89, 0x80 | 126}), "control frame with a payload of more than 125 bytes");
  EXPECT_EQ(first_fault({0x88, 0x80 | 127}), "control frame with a payload of more than 125 bytes");
}

TEST(FrameParserTest, HoldsEachRoleToItsMasking) {
  EXPECT_EQ(first_fault({0x81, 0x05}), "unmasked frame from a client");
  EXPECT_EQ(first_fault({0x81, 0x85}), "");
  EXPECT_EQ(first_fault({0x81, 0x85}, Role::kClient), "masked frame from a server");
  EXPECT_EQ(first_fault({0x81, 0x05}, Role::kClient), "");
}

TEST(FrameParserTest, RefusesLengthsThatAreNotInTheirShortestForm) {
  EXPECT_EQ(first_fault({0x82, 0xFE, 0, 125}), "payload length below 126 in the 16-bit form");
  EXPECT_EQ(first_fault({0x82, 0xFE, 0, 126}), "");
  EXPECT_EQ(first_fault({0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF}), "payload length below 65536 in the 64-bit form");
  EXPECT_EQ(first_fault({0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0}), "");
}

TEST(FrameParserTest, RefusesLengthsWithTheMostSignificantBit) {
  EXPECT_EQ(first_fault({0x82, 0xFF, 0x80}), "payload length with the most significant bit set");
  EXPECT_EQ(first_fault({0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4}), "");
}

TEST(FrameParserTest, FindsTheSameFaultWholeAndByteByByte) {
  const std::vector<Bytes> faulty = {
      {0x83, 0x80, 1, 2, 3, 4},           // reserved opcode
      {0xC9, 0xFF, 0, 0, 0, 0, 0, 0, 0},  // reserved bit, and too long for a ping
      {0x09, 0x05, 1, 2, 3, 4, 5},        // fragmented ping, and unmasked
      {0x82, 0xFE, 0, 3, 1, 2, 3, 4, 9},  // not the shortest form
      {0x82, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3, 4},
  };
  for (const Bytes& bytes : faulty) {
    const std::string whole = first_fault(bytes);
    ASSERT_FALSE(whole.empty());
    Bytes copy = bytes;
    FrameParser parser(Role::kServer);
    std::string split;
    for (std::size_t i = 0; i < copy.size() && split.empty(); ++i) {
      MutableBytes input = MutableBytes(copy).subspan(i, 1);
      split = parser.next(input).reason;
    }
    EXPECT_EQ(split, whole);
  }
}

}  // namespace
}  // namespace fanfare::ws
