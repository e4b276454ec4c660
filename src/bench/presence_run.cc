// presence: members join one channel, one after the other or all at the same moment.
#include <string>
#include <vector>

#include "bench/crowd.h"
#include "bench/meter.h"
#include "bench/presence_log.h"
#include "bench/run.h"

namespace fanfare::bench {

namespace {

constexpr std::string_view kChannel = "presence-bench-000000";
constexpr Nanoseconds kQuietMax = 3 * kNanosecondsInASecond;

class PresenceRun final : private Crowd {
 public:
  PresenceRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress)
      : Crowd(target, options.clients, options.window),
        options_(options),
        progress_(progress),
        usage_(target.pids),
        log_(options.clients) {}

  Status run() {
    if (Status opened = open(0, size(), options_, progress_); !opened.ok()) return opened;
    if (Status started = usage_.start(); !started.ok()) return started;
    started_ = PollLoop::now();
    next_progress_ = started_ + 2 * kNanosecondsInASecond;
    if (options_.storm) {
      for (std::uint32_t i = 0; i < size(); ++i) join(i, started_);
      wait_for(size(), std::uint64_t{size()} * (size() - 1) / 2);
    } else {
      // The next one joins once everyone knows of this one.
      for (std::uint32_t i = 0; i < size(); ++i) {
        join(i, PollLoop::now());
        if (!wait_for(i + 1, std::uint64_t{i} * (i + 1) / 2)) break;
      }
    }
    if (!refusal_.empty()) return Error{ErrorKind::kForbidden, "the server refused a member: " + refusal_};
    return usage_.stop();
  }

  Report report() const {
    Report report;
    report.scenario = "presence";
    report.settings = {{"members", "members", static_cast<double>(size())},
                       {"storm", "all at once", options_.storm ? 1.0 : 0.0}};
    const double seconds = static_cast<double>(last_ - started_) / 1e9;
    const auto received = static_cast<double>(log_.received());
    report.add("deliveries_per_second", "member_added/s", seconds > 0 ? received / seconds : 0);
    report.add("seconds", "until the last one, s", seconds);
    report.add("joined", "members in", static_cast<double>(log_.joined()));
    report.add("expected", "member_added expected", static_cast<double>(log_.expected()));
    report.add("received", "  received", received);
    report.add("lost", "  lost", static_cast<double>(log_.lost()));
    report.add("doubled", "  doubled", static_cast<double>(log_.doubled()));
    report.add("reordered", "  reordered", static_cast<double>(log_.reordered()));
    report.add("misdelivered", "  misdelivered", static_cast<double>(log_.misdelivered()));
    report.add("connections_lost", "connections lost", static_cast<double>(ended()));
    usage_.add_to(report, "delivery", received);
    report.latency_of = "member_added";
    report.latency = latency_;
    if (ended() != 0) report.warnings.push_back("connections were lost: " + first_ending());
    if (log_.joined() != size())
      report.warnings.emplace_back("not all members got in: what they would cause is not counted");
    return report;
  }

 private:
  void join(std::uint32_t member, Nanoseconds now) {
    std::string data = R"({"user_id":")";
    append_stamp(data, {.stream = 0, .sequence = member, .due_ns = now});
    data += R"("})";
    client(member).subscribe(kChannel, data);
  }

  // False: it did not come to that before nothing went on any more.
  bool wait_for(std::uint32_t joined, std::uint64_t received) {
    std::uint64_t seen = 0;
    Nanoseconds changed = PollLoop::now();
    while (log_.joined() < joined || log_.received() < received) {
      const Nanoseconds now = PollLoop::now();
      if (std::exchange(seen, log_.joined() + log_.received()) != log_.joined() + log_.received()) changed = now;
      if (options_.is_stopped() || now - changed > kQuietMax || !refusal_.empty()) return false;
      if (now > next_progress_) {
        next_progress_ = now + 2 * kNanosecondsInASecond;
        progress_(std::to_string(log_.joined()) + " members are in, " + std::to_string(log_.received()) +
                  " member_added");
      }
      keep_alive();
      loop().turn(now + kNanosecondsInASecond / 20);
    }
    return true;
  }

  Place place_of(std::uint32_t /*client*/) const override { return {}; }
  void on_subscribed(Client& client, std::string_view payload) override {
    log_.join(client.index(), roster_count(payload));
    last_ = PollLoop::now();
  }
  void on_event(Client& client, const Stamp& stamp, Nanoseconds received) override {
    if (!log_.record(client.index(), stamp.sequence)) return;
    last_ = received;
    latency_.record(static_cast<std::uint64_t>(std::max<Nanoseconds>(received - stamp.due_ns, 0)));
  }
  void on_closed(Client& client, const std::string& why) override {
    if (started_ != 0 && refusal_.empty()) refusal_ = why;
    Crowd::on_closed(client, why);
  }

  const BenchOptions& options_;
  const Progress& progress_;
  UsageMeter usage_;
  PresenceLog log_;
  Histogram latency_;
  std::string refusal_;
  Nanoseconds started_ = 0;
  Nanoseconds last_ = 0;
  Nanoseconds next_progress_ = 0;
};

}  // namespace

Result<Report> run_presence(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  PresenceRun run(target, options, progress);
  if (Status done = run.run(); !done.ok()) return done.error();
  return run.report();
}

}  // namespace fanfare::bench
