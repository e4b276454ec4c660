// churn: clients connect, subscribe and leave at a steady rate; what stays behind shows as a rising RSS.
#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/crowd.h"
#include "bench/meter.h"
#include "bench/run.h"
#include "bench/seat.h"
#include "bench/trend.h"

namespace fanfare::bench {

namespace {

constexpr std::uint32_t kSpareSlots = 256;  // for clients on their way in or out, beside those that are in
constexpr double kSettledFrom = 1.0 / 3;    // of the run: allocators and tables have grown to their size by then

class ChurnRun final : private Crowd {
 public:
  ChurnRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress)
      : Crowd(target, options.clients + kSpareSlots, options.window),
        target_(target),
        options_(options),
        progress_(progress),
        usage_(target.pids),
        is_leaving_(size()) {
    for (std::uint32_t i = size(); i-- > 0;) free_.push_back(i);
    due_.resize(size());
  }

  Status run() {
    if (Status started = usage_.start(); !started.ok()) return started;
    start_ = PollLoop::now();
    const Nanoseconds end = start_ + std::chrono::nanoseconds(options_.duration).count();
    const Schedule schedule(start_, options_.rate);
    Nanoseconds next_sample = start_;
    std::uint64_t index = 0;
    for (Nanoseconds now = start_; now < end && !options_.is_stopped();) {
      now = PollLoop::now();
      for (Nanoseconds due = schedule.due(index); due <= now && due < end; due = schedule.due(++index)) {
        waiting_.push_back(due);
      }
      open_waiting();
      if (now >= next_sample) {
        next_sample += kNanosecondsInASecond;
        if (Status sampled = sample(); !sampled.ok()) return sampled;
      }
      keep_alive();
      loop().turn(std::min({schedule.due(index), end, next_sample}));
    }
    if (Status stopped = usage_.stop(); !stopped.ok()) return stopped;
    if (subscribed_ != 0) return {};
    return Error{ErrorKind::kUnavailable,
                 "no client could subscribe: " + (failed_ != 0 ? first_failure_ : std::string("there was no answer"))};
  }

  Report report() const {
    const auto count = static_cast<double>(subscribed_);
    Report report;
    report.scenario = "churn";
    report.settings = {{"alive", "clients at a time", static_cast<double>(options_.clients)},
                       {"rate", "connects/s", options_.rate},
                       {"seconds", "duration, s", static_cast<double>(options_.duration.count()) / 1e3}};
    report.add("connects_per_second", "connect + subscribe + leave, a second", count / usage_.seconds());
    report.add("subscribed", "clients that subscribed", count);
    report.add("failed", "clients that could not, or were ended", static_cast<double>(failed_));
    report.add("unsent", "connects still due at the end", static_cast<double>(waiting_.size()));
    usage_.add_to(report, "client", count);
    if (usage_.knows_server()) {
      const Trend trend = settled_trend();
      report.add("rss_slope_bytes_per_second", "server RSS slope, bytes/s", trend.slope);
      report.add("rss_slope_error", "  its standard error", trend.slope_error);
      report.add("rss_slope_bytes_per_client", "server RSS slope, bytes a client", trend.slope / options_.rate);
      if (trend.is_rising()) {
        report.warnings.emplace_back(
            "the server's RSS rises by more than chance: a leak, or a table that is still growing");
      }
    }
    report.series = {{"rss_bytes", "time, s", "RSS, bytes", rss_}};
    report.latency_of = "connect + subscribe";
    report.latency = latency_;
    if (failed_ != 0) report.warnings.push_back("clients failed: " + first_failure_);
    if (!waiting_.empty())
      report.warnings.emplace_back("clients came and went too slowly: connects were still due at the end");
    return report;
  }

 private:
  void open_waiting() {
    while (!waiting_.empty() && !free_.empty()) {
      const std::uint32_t slot = free_.back();
      free_.pop_back();
      due_[slot] = waiting_.front();
      waiting_.pop_front();
      is_leaving_[slot] = false;
      client(slot).open();
    }
  }

  Status sample() {
    const double seconds = static_cast<double>(PollLoop::now() - start_) / 1e9;
    if (const auto whole = static_cast<std::uint64_t>(seconds); whole % 10 == 5) {
      progress_(fmt::format("{} s: {} clients came, {} failed", whole, subscribed_, failed_));
    }
    if (target_.pids.empty()) return {};
    const Result<Usage> usage = usage_of(target_.pids);
    if (!usage.ok()) return usage.error();
    rss_.emplace_back(seconds, static_cast<double>(usage->rss_bytes));
    return {};
  }

  Trend settled_trend() const {
    const auto first = static_cast<std::ptrdiff_t>(static_cast<double>(rss_.size()) * kSettledFrom);
    return trend_of({rss_.begin() + first, rss_.end()});
  }

  Place place_of(std::uint32_t client) const override {
    const Seat seat = seat_of(client, options_.rooms, options_.kind);
    return {seat.channel, seat.member};
  }
  void on_subscribed(Client& client, std::string_view /*payload*/) override {
    ++subscribed_;
    latency_.record(static_cast<std::uint64_t>(PollLoop::now() - due_[client.index()]));
    alive_.push_back(client.index());
    if (alive_.size() <= options_.clients) return;
    const std::uint32_t oldest = alive_.front();
    alive_.pop_front();
    is_leaving_[oldest] = true;
    this->client(oldest).leave();
  }
  void on_event(Client& /*client*/, const Stamp& /*stamp*/, Nanoseconds /*received*/) override {}
  void on_closed(Client& client, const std::string& why) override {
    free_.push_back(client.index());
    if (is_leaving_[client.index()]) return;
    std::erase(alive_, client.index());
    if (failed_++ == 0) first_failure_ = why;
  }

  const BenchTarget& target_;
  const BenchOptions& options_;
  const Progress& progress_;
  UsageMeter usage_;
  Histogram latency_;
  std::vector<bool> is_leaving_;     // [client]
  std::vector<Nanoseconds> due_;     // [client]
  std::vector<std::uint32_t> free_;  // closed clients
  std::deque<std::uint32_t> alive_;  // subscribed ones, the oldest first
  std::deque<Nanoseconds> waiting_;  // due, and none was free; bounded by rate and duration
  std::vector<std::pair<double, double>> rss_;
  std::string first_failure_;
  std::uint64_t subscribed_ = 0;
  std::uint64_t failed_ = 0;
  Nanoseconds start_ = 0;
};

}  // namespace

Result<Report> run_churn(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  ChurnRun run(target, options, progress);
  if (Status done = run.run(); !done.ok()) return done.error();
  return run.report();
}

}  // namespace fanfare::bench
