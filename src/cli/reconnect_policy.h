// ReconnectPolicy: when to connect again after a connection was lost, by the rules of protocol 7. Pure.
// Source: REF 1.7
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/random.h"

namespace fanfare::cli {

class ReconnectPolicy {
 public:
  static constexpr std::chrono::milliseconds kDelayMin{1'000};
  static constexpr std::chrono::milliseconds kDelayMax{30'000};

  explicit ReconnectPolicy(std::uint64_t seed) : random_(seed) {}

  // The connection was established: the next backoff begins at its shortest.
  void on_established() noexcept { failures_ = 0; }

  // How long to wait after a connection that ended with `close_code` (0: none came) and had been established for
  // `lived` (empty: it never was). Nothing: never again.
  //   4000–4099  never          4100–4199  after a backoff
  //   4200–4299  at once, but within a second of the last time not before a second has passed
  //   the rest   after a backoff: a second at first, doubled with every failure, up to half a minute, give or take a
  //              quarter so that a thousand clients do not come back at the same moment
  std::optional<std::chrono::milliseconds> delay_after(std::uint16_t close_code,
                                                       std::optional<std::chrono::milliseconds> lived);

 private:
  std::chrono::milliseconds backoff();

  SeededRandom random_;
  unsigned failures_ = 0;
};

}  // namespace fanfare::cli
