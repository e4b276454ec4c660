#include "ws/frame_encoder.h"

#include <algorithm>

#include "base/assert.h"
#include "ws/utf8.h"

namespace fanfare::ws {
namespace {

constexpr std::uint8_t kFin = 0x80;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::size_t kControlPayloadMax = 125;

void append(std::string& to, ByteView bytes) { to.append(as_text(bytes)); }

void check_payload(FrameKind kind, ByteView payload) {
  FANFARE_ASSERT(!is_control(kind.opcode) || (kind.is_final && payload.size() <= kControlPayloadMax));
}

}  // namespace

EncodedHeader encode_server_header(FrameKind kind, std::uint64_t payload_bytes) noexcept {
  EncodedHeader header;
  header.bytes[0] = static_cast<std::uint8_t>((kind.is_final ? kFin : 0U) | kind.reserved_bits |
                                              static_cast<std::uint8_t>(kind.opcode));
  header.size = static_cast<std::uint8_t>(server_header_bytes(payload_bytes));
  if (header.size == 2) {
    header.bytes[1] = static_cast<std::uint8_t>(payload_bytes);
  } else if (header.size == 4) {
    header.bytes[1] = 126;
    store_be16(&header.bytes[2], static_cast<std::uint16_t>(payload_bytes));
  } else {
    header.bytes[1] = 127;
    store_be64(&header.bytes[2], payload_bytes);
  }
  return header;
}

EncodedHeader encode_client_header(FrameKind kind, std::uint64_t payload_bytes, MaskingKey key) noexcept {
  EncodedHeader header = encode_server_header(kind, payload_bytes);
  header.bytes[1] = static_cast<std::uint8_t>(header.bytes[1] | kMaskBit);
  std::copy(key.begin(), key.end(), header.bytes.begin() + header.size);
  header.size = static_cast<std::uint8_t>(header.size + key.size());
  return header;
}

void append_server_frame(std::string& to, FrameKind kind, ByteView payload) {
  check_payload(kind, payload);
  append(to, encode_server_header(kind, payload.size()).view());
  append(to, payload);
}

void append_client_frame(std::string& to, FrameKind kind, ByteView payload, MaskingKey key) {
  check_payload(kind, payload);
  append(to, encode_client_header(kind, payload.size(), key).view());
  const std::size_t begin = to.size();
  append(to, payload);
  apply_mask(MutableBytes(reinterpret_cast<std::uint8_t*>(to.data()) + begin, payload.size()), key);
}

std::string close_payload(CloseCode code, std::string_view reason) {
  if (code == CloseCode::kNoStatus) return {};
  FANFARE_ASSERT(is_wire_close_code(number(code)));
  std::array<std::uint8_t, 2> bytes{};
  store_be16(bytes.data(), number(code));
  std::string payload(as_text(bytes));
  payload += utf8_prefix(reason, kControlPayloadMax - bytes.size());
  return payload;
}

}  // namespace fanfare::ws
