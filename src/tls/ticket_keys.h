// TicketKeys: the keys of session tickets, by which clients come back without a whole handshake.
//
// The state of a session is in the client's ticket and not in our memory, so whoever has the keys can read what was
// said under it: they live in memory only, and each for two rotations. A ticket made under the previous key is taken
// and answered with a new one.
//
// Thread: immutable.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fanfare::tls {

struct TicketKey {
  std::array<std::uint8_t, 16> name{};  // in clear, in front of each ticket
  std::array<std::uint8_t, 32> hmac{};
  std::array<std::uint8_t, 32> cipher{};  // AES-256
};

struct TicketKeys {
  TicketKey current;
  TicketKey previous;

  // Two keys of the system's entropy.
  static TicketKeys random();
  // The current one becomes the previous one.
  TicketKeys rotated() const;
};

}  // namespace fanfare::tls
