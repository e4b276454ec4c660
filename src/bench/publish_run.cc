// publish: requests to the HTTP API over keep-alive connections, without a subscriber.
#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/clock.h"
#include "bench/api_connection.h"
#include "bench/api_request.h"
#include "bench/meter.h"
#include "bench/open_files.h"
#include "bench/run.h"
#include "bench/stamp.h"

namespace fanfare::bench {

namespace {

constexpr int kOk = 200;
constexpr std::uint32_t kRequests = 512;  // signed beforehand and sent in turn, so that signing is not measured
constexpr std::uint32_t kChannels = 64;
constexpr Nanoseconds kSignatureLife = 240 * kNanosecondsInASecond;  // servers take ten minutes
constexpr Nanoseconds kDrainMax = 10 * kNanosecondsInASecond;

class PublishRun final : private ApiHandler {
 public:
  PublishRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress)
      : target_(target), options_(options), progress_(progress), usage_(target.pids), maker_(target) {}

  Status run() {
    claim_open_files(options_.publishers);
    ApiHandler& self = *this;
    for (std::uint32_t i = 0; i < std::max(options_.publishers, 1U); ++i) {
      connections_.push_back(std::make_unique<ApiConnection>(loop_, target_, self, i));
      if (Status connected = connections_.back()->connect_blocking(); !connected.ok()) return connected;
    }
    sent_at_.resize(connections_.size());
    const Nanoseconds start = PollLoop::now();
    measure_from_ = start + std::chrono::nanoseconds(options_.warm_up).count();
    last_answer_ = measure_from_;
    end_ = measure_from_ + std::chrono::nanoseconds(options_.duration).count();
    next_progress_ = start + 5 * kNanosecondsInASecond;
    sign(start);
    return options_.rate > 0 ? run_open(Schedule(start, options_.rate)) : run_closed();
  }

  Report report() const {
    Report report;
    report.scenario = "publish";
    report.settings = {
        {"connections", "connections", static_cast<double>(connections_.size())},
        {"batch", "events a request", static_cast<double>(options_.batch)},
        {"rate", "requests/s (0: as fast as it answers)", options_.rate},
        {"data_bytes", "data of an event, bytes", static_cast<double>(std::max(options_.data_bytes, kStampBytes))}};
    const double seconds = static_cast<double>(last_answer_ - measure_from_) / 1e9;
    report.add("requests_per_second", "requests/s", seconds > 0 ? static_cast<double>(latency_.count()) / seconds : 0);
    report.add("answered", "requests answered", static_cast<double>(answered_));
    report.add("refused", "requests refused", static_cast<double>(refused_));
    report.add("unsent", "requests unsent", static_cast<double>(queue_.size()));
    std::uint64_t reconnects = 0;
    for (const auto& connection : connections_) reconnects += connection->reconnects();
    report.add("reconnects", "connections that the server ended", static_cast<double>(reconnects));
    usage_.add_to(report, "request", static_cast<double>(measured_));
    report.latency_of = "request";
    report.latency = latency_;
    if (options_.rate <= 0) {
      report.latency_since = "it was sent";
      report.warnings.emplace_back(
          "without --rate each connection waits for its answer: latencies are from the sending");
    }
    if (refused_ != 0) report.warnings.push_back("the server refused requests: " + first_refusal_);
    return report;
  }

 private:
  void sign(Nanoseconds now) {
    const auto unix_s =
        std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wall().time_since_epoch()).count();
    requests_.clear();
    for (std::uint32_t i = 0; i < kRequests; ++i) {
      std::vector<ApiEvent> events;
      for (std::uint32_t k = 0; k < std::max(options_.batch, 1U); ++k) {
        const Stamp stamp{.stream = 0, .sequence = std::uint64_t{i} * options_.batch + k, .due_ns = now};
        events.push_back({fmt::format("bench-{:06}", (i + k) % kChannels), stamped_data(stamp, options_.data_bytes)});
      }
      requests_.push_back(options_.batch > 1 ? maker_.batch(events, unix_s) : maker_.event(events.front(), unix_s));
    }
    signed_at_ = now;
  }

  Status run_closed() {
    is_closed_loop_ = true;
    for (auto& connection : connections_) send(*connection, PollLoop::now());
    while (PollLoop::now() < end_ && !options_.is_stopped()) {
      if (Status moved = turn(end_); !moved.ok()) return moved;
    }
    is_closed_loop_ = false;
    return finish();
  }

  Status run_open(const Schedule& schedule) {
    std::uint64_t index = 0;
    for (Nanoseconds now = 0; now < end_ && !options_.is_stopped();) {
      now = PollLoop::now();
      for (Nanoseconds due = schedule.due(index); due <= now && due < end_; due = schedule.due(++index)) {
        queue_.push_back(due);
      }
      for (auto& connection : connections_) send_queued(*connection);
      if (Status moved = turn(std::min(schedule.due(index), end_)); !moved.ok()) return moved;
    }
    return finish();
  }

  Status finish() {
    const Nanoseconds give_up = PollLoop::now() + kDrainMax;
    const auto is_idle = [](const auto& connection) { return connection->is_idle(); };
    while (PollLoop::now() < give_up && !(queue_.empty() && std::ranges::all_of(connections_, is_idle))) {
      loop_.turn(PollLoop::now() + kNanosecondsInASecond / 50);
    }
    if (!is_measuring_) return stopped_early();
    if (Status stopped = usage_.stop(); !stopped.ok()) return stopped;
    if (answered_ == 0) return Error{ErrorKind::kUnavailable, "no request was answered"};
    if (refused_ < answered_) return {};
    return Error{ErrorKind::kForbidden,
                 fmt::format("the server refused all of {} requests: {}", refused_, first_refusal_)};
  }

  Status turn(Nanoseconds until) {
    const Nanoseconds now = PollLoop::now();
    if (!is_measuring_ && now >= measure_from_) {
      is_measuring_ = true;
      if (Status started = usage_.start(); !started.ok()) return started;
    }
    if (now - signed_at_ > kSignatureLife) sign(now);
    if (now > next_progress_) {
      next_progress_ = now + 5 * kNanosecondsInASecond;
      progress_(fmt::format("{} requests answered, {} refused", answered_, refused_));
    }
    loop_.turn(is_measuring_ ? until : std::min(until, measure_from_));
    return lost_.empty() ? Status() : Status(Error{ErrorKind::kUnavailable, "a connection was lost: " + lost_});
  }

  void send(ApiConnection& connection, Nanoseconds since) {
    sent_at_[connection.index()] = since;
    connection.send(requests_[next_request_++ % kRequests]);
  }
  void send_queued(ApiConnection& connection) {
    if (queue_.empty() || !connection.is_idle() || !connection.is_connected()) return;
    send(connection, queue_.front());
    queue_.pop_front();
  }

  void on_answer(ApiConnection& connection, int status, Nanoseconds received) override {
    ++answered_;
    if (status != kOk) {
      ++refused_;
      if (first_refusal_.empty()) first_refusal_ = connection.last_refusal();
    }
    const Nanoseconds since = sent_at_[connection.index()];
    if (is_measuring_) ++measured_;
    if (since >= measure_from_) {
      latency_.record(static_cast<std::uint64_t>(received - since));
      last_answer_ = received;
    }
    if (!connection.is_connected()) {
      lost_ = connection.last_refusal();
    } else if (is_closed_loop_) {
      send(connection, received);
    } else {
      send_queued(connection);
    }
  }

  const BenchTarget& target_;
  const BenchOptions& options_;
  const Progress& progress_;
  PollLoop loop_;
  UsageMeter usage_;
  ApiRequests maker_;
  std::vector<std::string> requests_;
  std::vector<std::unique_ptr<ApiConnection>> connections_;
  std::vector<Nanoseconds> sent_at_;  // [connection]: or due
  std::deque<Nanoseconds> queue_;     // due, and no connection is idle; bounded by rate and duration
  Histogram latency_;
  std::string first_refusal_;
  std::string lost_;
  std::uint64_t next_request_ = 0;
  std::uint64_t answered_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t refused_ = 0;
  Nanoseconds measure_from_ = 0;
  Nanoseconds last_answer_ = 0;
  Nanoseconds end_ = 0;
  Nanoseconds next_progress_ = 0;
  Nanoseconds signed_at_ = 0;
  bool is_measuring_ = false;
  bool is_closed_loop_ = false;
};

}  // namespace

Result<Report> run_publish(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  PublishRun run(target, options, progress);
  if (Status done = run.run(); !done.ok()) return done.error();
  return run.report();
}

}  // namespace fanfare::bench
