// Encoding of frames: headers, and whole frames behind what a string holds. Server frames are unmasked, client frames
// masked (RFC 6455 section 5.1). For frames that many connections send see ws/frame.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "ws/close_code.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace fanfare::ws {

// The first byte of a frame. Defaults: an unfragmented frame without extension bits.
struct FrameKind {
  Opcode opcode = Opcode::kText;
  bool is_final = true;
  std::uint8_t reserved_bits = 0;  // kRsv1 …, only what was negotiated
};

struct EncodedHeader {
  std::array<std::uint8_t, 14> bytes{};
  std::uint8_t size = 0;
  ByteView view() const noexcept { return ByteView(bytes).first(size); }
};

// Bytes that a server frame with such a payload takes in all (header 2, 4 or 10).
constexpr std::size_t server_header_bytes(std::size_t payload_bytes) noexcept {
  if (payload_bytes <= 125) return 2;
  return payload_bytes <= 0xFFFF ? 4 : 10;
}
constexpr std::size_t server_frame_bytes(std::size_t payload_bytes) noexcept {
  return server_header_bytes(payload_bytes) + payload_bytes;
}

EncodedHeader encode_server_header(FrameKind kind, std::uint64_t payload_bytes) noexcept;
EncodedHeader encode_client_header(FrameKind kind, std::uint64_t payload_bytes, MaskingKey key) noexcept;

// Append one whole frame to `to`. The key of a client frame is fresh and unpredictable each time (section 5.3).
// Control payloads are at most 125 bytes (checked).
void append_server_frame(std::string& to, FrameKind kind, ByteView payload);
void append_client_frame(std::string& to, FrameKind kind, ByteView payload, MaskingKey key);

// The payload of a close frame: the code and the reason, cut to 123 bytes at a character boundary. kNoStatus gives an
// empty payload. `code` is one that may be on the wire (checked), `reason` valid UTF-8.
std::string close_payload(CloseCode code, std::string_view reason);

}  // namespace fanfare::ws
