// Reading server frames where they lie: what a receiver needs that must not be the limit of what it measures.
//
// No state, no copy, no UTF-8 check, no unmasking (a server masks nothing, RFC 6455 section 5.1). ws::FrameParser is
// the parser for those who must not trust what they get.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "ws/opcode.h"

namespace fanfare::bench {

struct ScannedFrame {
  enum class Outcome : std::uint8_t {
    kFrame,
    kIncomplete,  // more bytes are needed: `bytes` in all, as far as that is known
    kUnreadable,  // fragmented, compressed or masked: nothing that a server sends to us
  };

  Outcome outcome = Outcome::kIncomplete;
  ws::Opcode opcode = ws::Opcode::kText;
  std::string_view payload;
  std::size_t bytes = 0;  // header and payload
};

inline ScannedFrame scan_frame(ByteView input) noexcept {
  using Outcome = ScannedFrame::Outcome;
  if (input.size() < 2) return {.outcome = Outcome::kIncomplete, .payload = {}, .bytes = 2};
  const std::uint8_t kind = input[0];
  // FIN and nothing reserved; neither a continuation nor a mask.
  if ((kind & 0xF0U) != 0x80U || (kind & 0x0FU) == 0 || input[1] > 127) {
    return {.outcome = Outcome::kUnreadable, .payload = {}};
  }
  std::size_t header = 2;
  std::size_t length = input[1];
  if (length >= 126) {
    header = length == 126 ? 4 : 10;
    if (input.size() < header) return {.outcome = Outcome::kIncomplete, .payload = {}, .bytes = header};
    length = header == 4 ? load_be16(&input[2]) : load_be64(&input[2]);
  }
  const auto opcode = static_cast<ws::Opcode>(kind & 0x0FU);
  if (length > input.size() - header) {
    return {.outcome = Outcome::kIncomplete, .opcode = opcode, .payload = {}, .bytes = header + length};
  }
  return {.outcome = Outcome::kFrame,
          .opcode = opcode,
          .payload = as_text(input.subspan(header, length)),
          .bytes = header + length};
}

}  // namespace fanfare::bench
