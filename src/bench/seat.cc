#include "bench/seat.h"

#include <algorithm>

#include <fmt/format.h>

namespace fanfare::bench {

Seat seat_of(std::uint32_t client, std::uint32_t channels, ChannelKind kind) {
  const std::string name = fmt::format("bench-{:06}", client % std::max(channels, 1U));
  switch (kind) {
    case ChannelKind::kPublic:
      return {name, {}};
    case ChannelKind::kPrivate:
      return {"private-" + name, {}};
    case ChannelKind::kPresence:
      return {"presence-" + name, fmt::format(R"({{"user_id":"user-{:06}"}})", client)};
  }
  return {};
}

}  // namespace fanfare::bench
