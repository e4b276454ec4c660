// Where a client that only connects and subscribes does so. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "bench/options.h"

namespace fanfare::bench {

struct Seat {
  std::string channel;  // "bench-000012", with the prefix of its kind
  std::string member;   // of a presence channel: its channel_data
};

// Clients take turns over `channels` channels; each is a member of its own.
Seat seat_of(std::uint32_t client, std::uint32_t channels, ChannelKind kind);

}  // namespace fanfare::bench
