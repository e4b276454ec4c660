#include "bench/options.h"

#include <fmt/format.h>

namespace fanfare::bench {

namespace {

constexpr std::uint64_t kClientsMax = 1'000'000;
constexpr std::uint64_t kAccountsMax = 100'000'000;        // of a stream at a subscriber, 16 bytes each
constexpr std::uint64_t kRequestDataBytesMax = 1'000'000;  // 512 requests are made beforehand

bool has_rooms(Scenario scenario) { return scenario == Scenario::kRooms || scenario == Scenario::kClientEvents; }
bool is_fanout(Scenario scenario) { return scenario == Scenario::kFanout || scenario == Scenario::kMax; }

}  // namespace

Status check_options(const BenchOptions& options) {
  const std::uint64_t clients = options.clients;
  if (has_rooms(options.scenario) && options.rooms * clients > kClientsMax) {
    return invalid(fmt::format("{} channels of {} are more than {} connections", options.rooms, clients, kClientsMax));
  }
  if (is_fanout(options.scenario) && options.by == PublishBy::kClientEvents) {
    if (options.publishers > clients) {
      return invalid(fmt::format("--publishers {}: client events are published by subscribers, of which there are {}",
                                 options.publishers, clients));
    }
    if (options.batch > 1) return invalid("--batch: client events are sent one by one");
  }
  if (is_fanout(options.scenario) && options.publishers * clients > kAccountsMax) {
    return invalid(
        fmt::format("{} publishers to {} subscribers are too many to keep account of", options.publishers, clients));
  }
  if (options.batch > 1 && options.batch * std::uint64_t{options.data_bytes} > kRequestDataBytesMax) {
    return invalid(fmt::format("a batch of {} events with {} bytes is more than {} bytes", options.batch,
                               options.data_bytes, kRequestDataBytesMax));
  }
  return {};
}

Status stopped_early() { return Error{ErrorKind::kUnavailable, "stopped before anything was measured"}; }

}  // namespace fanfare::bench
