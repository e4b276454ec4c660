// What the floor reads and writes. It looks for marks and parses nothing. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace fanfare::floor {

// The canned answer to any upgrade, with the greeting behind it. Its Sec-WebSocket-Accept fits no key.
std::string_view upgrade_answer() noexcept;
std::string_view publish_answer() noexcept;
std::string_view refusal_answer() noexcept;  // of a signature
// Ready frames.
std::string_view subscribed_frame() noexcept;
std::string_view pong_frame() noexcept;

// The number behind "bench-", which the load generator's channels have. Negative: there is none.
std::int64_t room_in(std::string_view text) noexcept;

// The frame of an event with the data of a publish's body: from its stamp to the quote behind it. Empty: no stamp.
std::string event_frame(std::string_view body, std::int64_t room);
std::string text_frame(std::string_view payload);

// A request at the front of `received`. 0: it is not complete.
std::size_t request_bytes(std::string_view received) noexcept;

// A client's frame at the front of `received`, unmasked in place. bytes 0: it is not complete.
struct ClientFrame {
  std::uint8_t opcode = 0;
  std::string_view payload{};
  std::size_t bytes = 0;
};
ClientFrame client_frame(MutableBytes received) noexcept;

}  // namespace fanfare::floor
