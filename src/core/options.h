// What can be set about the core; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace fanfare::core {

struct CoreOptions {
  // Socket writes of fan-outs in one turn of a loop: what is beyond waits for the next turn, so that one huge channel
  // does not hold up the others. At least 1.
  std::uint32_t fan_out_slice_writes = 1000;
  // Above this many subscribers of a channel, subscription_count events are throttled. Source: REF 4.4
  std::uint32_t subscription_count_immediate_max = 100;
  std::chrono::milliseconds subscription_count_interval{5000};
  // Cached events of all cache channels homed on one loop; the oldest goes first.
  std::size_t cached_events_max = 100'000;
  std::size_t cached_bytes_max = 256UL * 1024 * 1024;
  // Idempotency keys remembered by one loop; the oldest goes first.
  std::size_t idempotency_keys_max = 100'000;
  std::size_t idempotency_bytes_max = 64UL * 1024 * 1024;  // of the answers that are kept
  std::size_t idempotency_waiters_max = 64;  // repeated requests that wait for one that is still in progress
};

}  // namespace fanfare::core
