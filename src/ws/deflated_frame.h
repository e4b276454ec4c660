// Frames whose payload is deflated (RFC 7692 section 6): RSV1 says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "deflate/deflater.h"
#include "deflate/history.h"
#include "ws/opcode.h"

namespace fanfare::ws {

// How a connection wants its messages deflated.
struct DeflateWindow {
  std::uint8_t bits = 15;               // 8 to 15
  deflate::History* history = nullptr;  // null: each message stands alone
};

// The smallest window, of at most `bits`, in which messages of `bytes` in all deflate as well as in one of `bits`.
std::uint8_t useful_window_bits(std::size_t bytes, std::uint8_t bits) noexcept;

// Appends one whole server frame with the message `payload`, deflated where that is smaller; returns whether it is.
// Plain messages do not become a part of the history.
bool append_deflated_frame(std::string& to, Opcode opcode, ByteView payload, deflate::Deflater& deflater,
                           DeflateWindow window);

}  // namespace fanfare::ws
