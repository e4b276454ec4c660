#include "ws/frame_parser.h"

#include <algorithm>

namespace fanfare::ws {
namespace {

constexpr std::uint8_t kFin = 0x80;
constexpr std::uint8_t kReservedBits = kRsv1 | kRsv2 | kRsv3;
constexpr std::uint8_t kOpcodeBits = 0x0F;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kLengthBits = 0x7F;
constexpr std::uint8_t kLengthIs16Bits = 126;
constexpr std::uint8_t kLengthIs64Bits = 127;

std::uint64_t payload_length(ByteView header) noexcept {
  const std::uint8_t length = header[1] & kLengthBits;
  if (length == kLengthIs16Bits) return load_be16(header.data() + 2);
  if (length == kLengthIs64Bits) return load_be64(header.data() + 2);
  return length;
}

// What is wrong in the extended length, as far as it is there; empty: nothing so far.
std::string_view fault_in_extended_length(ByteView header) noexcept {
  const std::uint8_t length = header[1] & kLengthBits;
  if (length == kLengthIs16Bits && header.size() >= 4 && payload_length(header) < kLengthIs16Bits) {
    return "payload length below 126 in the 16-bit form";
  }
  if (length != kLengthIs64Bits) return {};
  if (header.size() >= 3 && (header[2] & 0x80U) != 0) return "payload length with the most significant bit set";
  if (header.size() >= 10 && payload_length(header) <= 0xFFFF) return "payload length below 65536 in the 64-bit form";
  return {};
}

}  // namespace

// How long the header will be, by its first two bytes; until these are there: 2.
std::size_t FrameParser::header_bytes(ByteView header) const noexcept {
  if (header.size() < 2) return 2;
  const std::uint8_t length = header[1] & kLengthBits;
  const std::size_t extended = length == kLengthIs64Bits ? 8 : (length == kLengthIs16Bits ? 2 : 0);
  return 2 + extended + (is_server_ ? 4 : 0);
}

// What is wrong with a header, as far as it is there; empty: nothing so far. Checks run in the order of the bytes, so
// that a header seen whole and one seen byte by byte show the same fault.
std::string_view FrameParser::fault_in(ByteView header) const noexcept {
  if (header.empty()) return {};
  const std::uint8_t first = header[0];
  const std::uint8_t opcode = first & kOpcodeBits;
  if (!is_known_opcode(opcode)) return "reserved opcode";
  const bool control = is_control(static_cast<Opcode>(opcode));
  const std::uint8_t reserved = first & kReservedBits;
  if ((reserved & ~allowed_reserved_bits_) != 0) return "reserved bit set without an extension that defines it";
  if (control && reserved != 0) return "reserved bit set on a control frame";
  if (control && (first & kFin) == 0) return "fragmented control frame";
  if (header.size() < 2) return {};
  const std::uint8_t second = header[1];
  if (is_server_ && (second & kMaskBit) == 0) return "unmasked frame from a client";
  if (!is_server_ && (second & kMaskBit) != 0) return "masked frame from a server";
  if (control && (second & kLengthBits) > 125) return "control frame with a payload of more than 125 bytes";
  return fault_in_extended_length(header);
}

FrameParser::Step FrameParser::next(MutableBytes& input) noexcept {
  if (is_in_payload_) return next_piece(input, false);
  if (header_size_ != 0 || input.size() < header_bytes(input)) return resume_header(input);
  const ByteView header = input.first(header_bytes(input));
  input = input.subspan(header.size());
  return start_frame(header, input);
}

// The slow way, for headers that come in parts.
FrameParser::Step FrameParser::resume_header(MutableBytes& input) noexcept {
  std::array<std::uint8_t, kHeaderBytesMax> bytes;
  std::copy_n(header_.begin(), header_size_, bytes.begin());
  std::size_t size = header_size_;
  while (!input.empty()) {
    bytes[size++] = input.front();
    input = input.subspan(1);
    const ByteView header = ByteView(bytes).first(size);
    if (size >= 2 && size == header_bytes(header)) {
      header_size_ = 0;
      return start_frame(header, input);
    }
    if (const std::string_view fault = fault_in(header); !fault.empty()) return {Outcome::kError, {}, fault};
  }
  std::copy_n(bytes.begin(), size, header_.begin());
  header_size_ = static_cast<std::uint8_t>(size) & 0x0FU;
  return {};
}

FrameParser::Step FrameParser::start_frame(ByteView header, MutableBytes& input) noexcept {
  if (const std::string_view fault = fault_in(header); !fault.empty()) return {Outcome::kError, {}, fault};
  remaining_ = payload_length(header);
  header_[0] = header[0];
  if (is_server_) std::copy_n(header.end() - 4, 4, header_.begin() + 1);
  return next_piece(input, true);
}

FrameParser::Step FrameParser::next_piece(MutableBytes& input, bool is_first_piece) noexcept {
  if (!is_first_piece && input.empty()) return {};
  const MutableBytes payload = input.first(static_cast<std::size_t>(std::min<std::uint64_t>(input.size(), remaining_)));
  input = input.subspan(payload.size());
  if (is_server_) {
    MaskingKey key;
    std::copy_n(header_.begin() + 1, key.size(), key.begin());
    key = apply_mask(payload, key);
    std::copy_n(key.begin(), key.size(), header_.begin() + 1);
  }
  remaining_ -= payload.size();
  is_in_payload_ = remaining_ != 0;
  return {Outcome::kPiece,
          {.opcode = static_cast<Opcode>(header_[0] & kOpcodeBits),
           .reserved_bits = static_cast<std::uint8_t>(header_[0] & kReservedBits),
           .is_final = (header_[0] & kFin) != 0,
           .is_first_piece = is_first_piece,
           .payload = payload,
           .remaining = remaining_},
          {}};
}

}  // namespace fanfare::ws
