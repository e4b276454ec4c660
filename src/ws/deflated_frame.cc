#include "ws/deflated_frame.h"

#include "ws/frame_encoder.h"
#include "ws/frame_parser.h"

namespace fanfare::ws {
namespace {

ByteView deflated(ByteView payload, deflate::Deflater& deflater, DeflateWindow window) {
  int bits = window.bits;
  if (bits < deflate::kWindowBitsMin) {
    // zlib has no smaller window; in what is no larger than the wanted one no match can lie too far back.
    if (payload.size() > deflate::window_bytes(bits) || window.history != nullptr) return {};
    bits = deflate::kWindowBitsMin;
  }
  return deflater.deflate(payload, bits, window.history == nullptr ? ByteView() : window.history->view());
}

}  // namespace

std::uint8_t useful_window_bits(std::size_t bytes, std::uint8_t bits) noexcept {
  return static_cast<std::uint8_t>(deflate::window_bits_for(bytes, bits));
}

bool append_deflated_frame(std::string& to, Opcode opcode, ByteView payload, deflate::Deflater& deflater,
                           DeflateWindow window) {
  const ByteView smaller = deflated(payload, deflater, window);
  if (smaller.empty()) {
    append_server_frame(to, {.opcode = opcode}, payload);
    return false;
  }
  append_server_frame(to, {.opcode = opcode, .is_final = true, .reserved_bits = kRsv1}, smaller);
  if (window.history != nullptr) window.history->append(payload);
  return true;
}

}  // namespace fanfare::ws
