#include "request_load.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "bench/api_connection.h"
#include "bench/meter.h"
#include "bench/poll_loop.h"

namespace fanfare::bench {

namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";
constexpr std::string_view kLength = "\r\nContent-Length: ";
constexpr std::chrono::milliseconds kWarmUpMax{1'000};
constexpr Nanoseconds kDrainMax = 10 * kNanosecondsInASecond;

class RequestLoad final : private ApiHandler {
 public:
  RequestLoad(const BenchTarget& target, const std::vector<std::string_view>& requests,
              const RequestLoadOptions& options)
      : target_(target), requests_(requests), options_(options), usage_(target.pids) {}

  Status run() {
    ApiHandler& self = *this;
    for (std::uint32_t i = 0; i < std::max(options_.connections, 1U); ++i) {
      connections_.push_back(std::make_unique<ApiConnection>(loop_, target_, self, i));
      if (Status connected = connections_.back()->connect_blocking(); !connected.ok()) return connected;
    }
    sent_at_.resize(connections_.size());
    goes_on_ = true;
    for (const auto& connection : connections_) send(*connection, PollLoop::now());
    if (Status warm = turn_until(PollLoop::now() + nanoseconds(std::min(options_.duration, kWarmUpMax))); !warm.ok())
      return warm;
    if (Status started = usage_.start(); !started.ok()) return started;
    is_measuring_ = true;
    if (Status measured = turn_until(PollLoop::now() + nanoseconds(options_.duration)); !measured.ok()) return measured;
    is_measuring_ = false;
    if (Status stopped = usage_.stop(); !stopped.ok()) return stopped;
    return drain();
  }

  Report report() const {
    Report report;
    report.scenario = "requests";
    report.settings = {{"connections", "connections", static_cast<double>(connections_.size())}};
    const double seconds = usage_.seconds();
    report.add("requests_per_second", "requests/s", seconds > 0 ? static_cast<double>(measured_) / seconds : 0);
    report.add("answered", "requests answered", static_cast<double>(measured_));
    report.add("refused", "requests answered otherwise", static_cast<double>(refused_));
    std::uint64_t reconnects = 0;
    for (const auto& connection : connections_) reconnects += connection->reconnects();
    report.add("reconnects", "connections that the server ended", static_cast<double>(reconnects));
    usage_.add_to(report, "request", static_cast<double>(measured_));
    report.latency_of = "request";
    report.latency = latency_;
    if (refused_ != 0) report.warnings.push_back("not all were answered as expected: " + first_refusal_);
    return report;
  }

 private:
  static Nanoseconds nanoseconds(std::chrono::milliseconds time) { return std::chrono::nanoseconds(time).count(); }

  Status turn_until(Nanoseconds end) {
    while (PollLoop::now() < end) {
      loop_.turn(end);
      if (!lost_.empty()) return Error{ErrorKind::kUnavailable, "a connection was lost: " + lost_};
    }
    return {};
  }

  Status drain() {
    goes_on_ = false;
    const Nanoseconds give_up = PollLoop::now() + kDrainMax;
    const auto is_idle = [](const auto& connection) { return connection->is_idle(); };
    while (PollLoop::now() < give_up && !std::ranges::all_of(connections_, is_idle)) loop_.turn(give_up);
    return {};
  }

  void send(ApiConnection& connection, Nanoseconds now) {
    sent_at_[connection.index()] = now;
    connection.send(requests_[next_request_++ % requests_.size()]);
  }

  void on_answer(ApiConnection& connection, int status, Nanoseconds received) override {
    if (status != options_.status) {
      ++refused_;
      if (first_refusal_.empty()) first_refusal_ = connection.last_refusal();
    }
    if (is_measuring_) {
      ++measured_;
      latency_.record(static_cast<std::uint64_t>(received - sent_at_[connection.index()]));
    }
    if (!connection.is_connected()) {
      lost_ = connection.last_refusal();
    } else if (goes_on_) {
      send(connection, received);
    }
  }

  const BenchTarget& target_;
  const std::vector<std::string_view>& requests_;
  const RequestLoadOptions& options_;
  PollLoop loop_;
  UsageMeter usage_;
  std::vector<std::unique_ptr<ApiConnection>> connections_;
  std::vector<Nanoseconds> sent_at_;  // [connection]
  Histogram latency_;
  std::string first_refusal_;
  std::string lost_;
  std::uint64_t next_request_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t refused_ = 0;
  bool goes_on_ = false;
  bool is_measuring_ = false;
};

}  // namespace

Result<std::vector<std::string_view>> split_requests(std::string_view text) {
  std::vector<std::string_view> requests;
  while (!text.empty()) {
    const std::size_t head = text.find(kHeadEnd);
    const std::size_t length_at = text.substr(0, head).find(kLength);
    if (head == std::string_view::npos || length_at == std::string_view::npos) {
      return Error{ErrorKind::kInvalid, "a request without an end of its head, or without Content-Length"};
    }
    std::size_t body = 0;
    const std::string_view digits = text.substr(length_at + kLength.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), body);
    const std::size_t size = head + kHeadEnd.size() + body;
    if (size > text.size()) return Error{ErrorKind::kInvalid, "a request's body is not whole"};
    requests.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  if (requests.empty()) return Error{ErrorKind::kInvalid, "there are no requests"};
  return requests;
}

Result<Report> run_request_load(const BenchTarget& target, const std::vector<std::string_view>& requests,
                                const RequestLoadOptions& options) {
  RequestLoad load(target, requests, options);
  if (Status done = load.run(); !done.ok()) return done.error();
  return load.report();
}

}  // namespace fanfare::bench
