// DeliveryRun: subscribers, and events published to them by an open loop; for fanout, rooms, clientevents and max.
//
// Thread: one.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/api_connection.h"
#include "bench/api_request.h"
#include "bench/crowd.h"
#include "bench/delivery_log.h"
#include "bench/histogram.h"
#include "bench/meter.h"
#include "bench/options.h"
#include "bench/report.h"

namespace fanfare::bench {

// What one stretch of load at one rate came to.
struct DeliveryStep {
  explicit DeliveryStep(const std::vector<pid_t>& pids) : usage(pids) {}

  double rate = 0;               // events a second
  DeliveryCounts counts{};       // of all its events, warm-up included
  std::uint64_t unsent = 0;      // events that were due and still waited for an idle connection when it was given up
  std::uint64_t deliveries = 0;  // after the warm-up
  double seconds = 0;            // that those took
  Histogram latency;             // of those, from when each was due
  Histogram lag;                 // how late the generator itself turned to the events
  UsageMeter usage;

  double deliveries_a_second() const noexcept { return seconds > 0 ? static_cast<double>(deliveries) / seconds : 0; }
};

class DeliveryRun final : private Crowd, private ApiHandler {
 public:
  DeliveryRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress);

  // Connects and subscribes everyone.
  Status prepare();
  // Fails: when the server's process ended, or clients lost their connections before the first event.
  Status run(double rate, DeliveryStep& step);
  // Fails: kForbidden when the server refused each event of the step, so that nothing was measured.
  Status check_accepted(const DeliveryStep& step) const;
  // Settings, results and warnings of one step.
  Report report(const DeliveryStep& step) const;

 private:
  struct Pending {
    std::uint32_t stream;
    Nanoseconds due;
  };
  struct InFlight {
    std::uint32_t stream = 0;
    std::uint64_t first = 0;  // number of its events, of which there are batch_
  };

  static DeliveryShape shape_of(const BenchOptions& options);
  std::string channel_of(std::uint32_t room) const;

  void send_until_end(double rate, DeliveryStep& step);
  void drain();
  void tell_progress(Nanoseconds now);
  void publish(std::uint64_t index, Nanoseconds due);
  void send_by_client(std::uint32_t stream, Nanoseconds due);
  void send_next(ApiConnection& connection);
  ApiEvent next_event(std::uint32_t stream, Nanoseconds due);
  std::uint64_t waiting() const;

  Place place_of(std::uint32_t client) const override;
  void on_event(Client& client, const Stamp& stamp, Nanoseconds received) override;
  void on_refused(Client& client, std::string_view payload) override;
  void on_answer(ApiConnection& connection, int status, Nanoseconds received) override;

  const BenchTarget& target_;
  const BenchOptions& options_;
  const std::uint32_t batch_;  // events a request; the rate counts events
  const Progress& progress_;
  DeliveryLog log_;
  ApiRequests requests_;
  std::vector<std::unique_ptr<ApiConnection>> api_;
  std::vector<std::deque<Pending>> queues_;  // [API connection]; bounded by rate and duration
  std::vector<InFlight> in_flight_;          // [API connection]: the request that is being answered
  DeliveryStep* step_ = nullptr;             // during run()
  Nanoseconds measure_from_ = 0;             // events due before it are warm-up
  Nanoseconds last_delivery_ = 0;
  Nanoseconds next_progress_ = 0;
  std::uint64_t progress_received_ = 0;
  std::string first_refusal_;
};

}  // namespace fanfare::bench
