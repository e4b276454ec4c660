// What a load is: one struct for all scenarios, of which each uses its part. Filled by the command line.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::bench {

enum class Scenario : std::uint8_t {
  kFanout,        // N subscribers of one channel
  kRooms,         // C channels of k subscribers
  kClientEvents,  // pairs of clients that send to one another
  kPresence,      // members join one channel, one by one or all at once
  kIdle,          // connections that do nothing: what one costs
  kPublish,       // POST /events and /batch_events, without a subscriber
  kChurn,         // connect, subscribe, leave: what stays behind
  kMax,           // fanout at rising rates, until it is late or loses something
};
// "fanout", "rooms", …
std::string_view scenario_name(Scenario scenario) noexcept;

enum class ChannelKind : std::uint8_t { kPublic, kPrivate, kPresence };
enum class PublishBy : std::uint8_t { kApi, kClientEvents };

struct BenchOptions {
  Scenario scenario = Scenario::kFanout;
  std::uint32_t clients = 1'000;  // fanout, max, idle, presence; churn: alive at a time; of one room or pair
  std::uint32_t rooms = 1;        // rooms, clientevents (pairs), idle (channels)
  std::uint32_t publishers = 1;   // HTTP connections, or clients that publish
  double rate = 50;  // events a second in all; churn: connections a second; publish: 0 is as fast as it goes
  std::size_t data_bytes = 100;             // of an event's data; never shorter than a stamp
  std::uint32_t batch = 1;                  // publish, fanout by the API: events a request; 1 is POST /events
  ChannelKind kind = ChannelKind::kPublic;  // idle, churn
  PublishBy by = PublishBy::kApi;           // fanout, max
  bool storm = false;                       // presence: all at once
  std::uint32_t window = 100;               // connections that are being opened at a time
  std::chrono::milliseconds warm_up{1'000};
  std::chrono::milliseconds duration{10'000};  // max: of a step
  std::chrono::milliseconds latency_max{250};  // max: p99 beyond which a rate is too high
  // Once it is true the load ends, and the report is of what was measured until then. Null: nobody will say so. May be
  // set by a signal's handler.
  const std::atomic<bool>* stop = nullptr;

  bool is_stopped() const noexcept { return stop != nullptr && stop->load(std::memory_order_relaxed); }
};

// Fails: kInvalid for options that do not go together, or would take more memory than anyone means them to.
Status check_options(const BenchOptions& options);

// Fails: kUnavailable, always: it was stopped before it had measured anything.
Status stopped_early();

// Lines for people while a long run goes on. Thread: the caller's of run_bench().
using Progress = std::function<void(const std::string& line)>;

}  // namespace fanfare::bench
