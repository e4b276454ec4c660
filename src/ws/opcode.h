// The opcodes of RFC 6455 and the role of an endpoint.
#pragma once

#include <cstdint>

namespace fanfare::ws {

// Source: RFC 6455 sections 5.2 and 11.8. The values between are reserved.
enum class Opcode : std::uint8_t {
  kContinuation = 0x0,
  kText = 0x1,
  kBinary = 0x2,
  kClose = 0x8,
  kPing = 0x9,
  kPong = 0xA,
};

constexpr bool is_control(Opcode opcode) noexcept { return (static_cast<std::uint8_t>(opcode) & 0x8U) != 0; }

// Whether the four bits name an opcode that the RFC defines.
constexpr bool is_known_opcode(std::uint8_t bits) noexcept { return bits <= 0x2 || (bits >= 0x8 && bits <= 0xA); }

// Which end we are. A server takes only masked frames, a client only unmasked ones (RFC 6455 section 5.1).
enum class Role : std::uint8_t { kServer, kClient };

}  // namespace fanfare::ws
