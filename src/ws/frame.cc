#include "ws/frame.h"

#include <string>

#include "base/assert.h"

namespace fanfare::ws {
namespace {

Frame append_frame(SharedBytes& chunk, FrameKind kind, ByteView payload) noexcept {
  const auto begin = static_cast<std::uint32_t>(chunk.size());
  chunk.append(encode_server_header(kind, payload.size()).view());
  chunk.append(payload);
  return Frame(BytesSlice{chunk, begin, static_cast<std::uint32_t>(chunk.size())});
}

Frame control_frame(Opcode opcode, ByteView payload) {
  FANFARE_ASSERT(payload.size() <= 125);
  return encode_frame({.opcode = opcode}, payload);
}

}  // namespace

std::string_view Frame::payload() const noexcept {
  const ByteView frame = bytes();
  const std::uint8_t length = frame[1];
  return as_text(frame.subspan(length <= 125 ? 2 : (length == 126 ? 4 : 10)));
}

FrameText first_text_frame(ByteView frames) noexcept {
  FANFARE_ASSERT(frames.size() >= 2);
  std::size_t header = 2;
  std::uint64_t length = frames[1];
  if (length == 126) {
    header = 4;
    length = load_be16(frames.data() + 2);
  } else if (length == 127) {
    header = 10;
    length = load_be64(frames.data() + 2);
  }
  FANFARE_ASSERT(frames.size() - header >= length);
  return {as_text(frames.subspan(header, length)), header + length};
}

Frame encode_frame(FrameKind kind, ByteView payload) {
  SharedBytes chunk = SharedBytes::with_capacity(server_frame_bytes(payload.size()));
  return append_frame(chunk, kind, payload);
}

Frame encode_text_frame(std::string_view payload) { return encode_frame({.opcode = Opcode::kText}, as_bytes(payload)); }

Frame append_text_frame(SharedBytes& chunk, std::string_view payload) noexcept {
  FANFARE_ASSERT(chunk.room() >= server_frame_bytes(payload.size()));
  return append_frame(chunk, {.opcode = Opcode::kText}, as_bytes(payload));
}

Frame close_frame(CloseCode code, std::string_view reason) {
  return control_frame(Opcode::kClose, as_bytes(close_payload(code, reason)));
}

Frame ping_frame(ByteView payload) { return control_frame(Opcode::kPing, payload); }
Frame pong_frame(ByteView payload) { return control_frame(Opcode::kPong, payload); }

}  // namespace fanfare::ws
