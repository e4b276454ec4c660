#include "bench/delivery_run.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/clock.h"
#include "bench/open_files.h"
#include "bench/shown_text.h"

namespace fanfare::bench {

namespace {

constexpr Nanoseconds kProgressPeriod = 5 * kNanosecondsInASecond;
constexpr Nanoseconds kQuietMax = 2 * kNanosecondsInASecond;  // without a delivery, what is missing is lost
constexpr Nanoseconds kDrainMax = 20 * kNanosecondsInASecond;
constexpr int kOk = 200;

std::int64_t unix_now_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wall().time_since_epoch()).count();
}

Nanoseconds nanoseconds(std::chrono::milliseconds time) { return std::chrono::nanoseconds(time).count(); }

}  // namespace

DeliveryShape DeliveryRun::shape_of(const BenchOptions& options) {
  DeliveryShape shape{.rooms = options.rooms, .clients = options.clients};
  shape.clients_publish = options.by == PublishBy::kClientEvents;
  if (options.scenario == Scenario::kClientEvents) shape.streams = options.clients;
  if (options.scenario == Scenario::kFanout || options.scenario == Scenario::kMax) shape.streams = options.publishers;
  return shape;
}

DeliveryRun::DeliveryRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress)
    : Crowd(target, options.rooms * options.clients, options.window),
      target_(target),
      options_(options),
      batch_(options.by == PublishBy::kApi ? options.batch : 1),
      progress_(progress),
      log_(shape_of(options)),
      requests_(target) {}

std::string DeliveryRun::channel_of(std::uint32_t room) const {
  // As many digits for each, so that the stamp is where it was in the event before.
  return fmt::format("{}bench-{:06}", options_.by == PublishBy::kClientEvents ? "private-" : "", room);
}

Crowd::Place DeliveryRun::place_of(std::uint32_t client) const { return {channel_of(client / options_.clients), {}}; }

Status DeliveryRun::prepare() {
  if (Status opened = open(0, size(), options_, progress_); !opened.ok()) return opened;
  if (options_.by == PublishBy::kClientEvents) return {};
  claim_open_files(std::uint64_t{size()} + options_.publishers);
  ApiHandler& self = *this;
  for (std::uint32_t i = 0; i < options_.publishers; ++i) {
    api_.push_back(std::make_unique<ApiConnection>(loop(), target_, self, i));
    if (Status connected = api_.back()->connect_blocking(); !connected.ok()) return connected;
  }
  queues_.resize(api_.size());
  in_flight_.resize(api_.size());
  return {};
}

Status DeliveryRun::run(double rate, DeliveryStep& step) {
  if (ended() != 0) return Error{ErrorKind::kUnavailable, "a client lost its connection: " + first_ending()};
  log_.begin_step();
  progress_received_ = 0;
  step_ = &step;
  step.rate = rate;
  send_until_end(rate, step);
  if (options_.is_stopped() && PollLoop::now() < measure_from_) return stopped_early();
  drain();
  Status stopped = step.usage.stop();
  step.counts = log_.counts();
  step.unsent = waiting();
  for (auto& queue : queues_) queue.clear();
  step.seconds = static_cast<double>(last_delivery_ - measure_from_) / 1e9;
  step_ = nullptr;
  return stopped;
}

void DeliveryRun::send_until_end(double rate, DeliveryStep& step) {
  constexpr Nanoseconds kLead = kNanosecondsInASecond / 50;
  const Nanoseconds start = PollLoop::now() + kLead;
  const Schedule schedule(start, rate / batch_);
  measure_from_ = start + nanoseconds(options_.warm_up);
  last_delivery_ = measure_from_;
  next_progress_ = start + kProgressPeriod;
  const Nanoseconds end = measure_from_ + nanoseconds(options_.duration);
  bool is_measuring = false;
  for (std::uint64_t index = 0;;) {
    const Nanoseconds now = PollLoop::now();
    if (!is_measuring && now >= measure_from_) {
      is_measuring = true;
      if (!step.usage.start().ok()) return;  // and stop() will tell
      step.deliveries = 0;
    }
    for (Nanoseconds due = schedule.due(index); due <= now && due < end; due = schedule.due(index)) {
      step.lag.record(static_cast<std::uint64_t>(now - due));
      publish(index++, due);
    }
    if (now >= end || options_.is_stopped()) return;
    tell_progress(now);
    keep_alive();
    loop().turn(std::min({schedule.due(index), is_measuring ? end : measure_from_, next_progress_}));
  }
}

void DeliveryRun::drain() {
  const Nanoseconds give_up = PollLoop::now() + kDrainMax;
  Nanoseconds changed = PollLoop::now();
  std::uint64_t seen = log_.received();
  for (Nanoseconds now = changed; now < give_up; now = PollLoop::now()) {
    const bool is_answered = std::ranges::all_of(api_, [](const auto& one) { return one->is_idle(); });
    if (is_answered && waiting() == 0 && log_.received() >= log_.expected()) return;
    if (std::exchange(seen, log_.received()) != log_.received()) changed = now;
    if (now - changed > kQuietMax) return;
    loop().turn(now + kNanosecondsInASecond / 20);
  }
}

void DeliveryRun::tell_progress(Nanoseconds now) {
  if (now < next_progress_) return;
  const std::uint64_t received = log_.received();
  progress_(fmt::format("{} deliveries/s, p99 {:.3f} ms", (received - progress_received_) / 5,
                        static_cast<double>(step_->latency.quantile(0.99)) / 1e6));
  progress_received_ = received;
  next_progress_ += kProgressPeriod;
}

void DeliveryRun::publish(std::uint64_t index, Nanoseconds due) {
  const auto stream = static_cast<std::uint32_t>(index % log_.streams());
  if (options_.by == PublishBy::kClientEvents) return send_by_client(stream, due);
  ApiConnection& connection = *api_[stream % api_.size()];
  queues_[connection.index()].push_back({stream, due});
  if (connection.is_idle()) send_next(connection);
}

void DeliveryRun::send_by_client(std::uint32_t stream, Nanoseconds due) {
  const Stamp stamp{.stream = stream, .sequence = log_.next(stream), .due_ns = due};
  client(log_.sender_of(stream))
      .send_event("client-bench", channel_of(log_.room_of(stream)), stamped_data(stamp, options_.data_bytes));
}

void DeliveryRun::send_next(ApiConnection& connection) {
  auto& queue = queues_[connection.index()];
  if (queue.empty() || !connection.is_connected()) return;
  const auto [stream, due] = queue.front();
  queue.pop_front();
  in_flight_[connection.index()] = {stream, log_.peek(stream)};
  if (batch_ == 1) return connection.send(requests_.event(next_event(stream, due), unix_now_s()));
  std::vector<ApiEvent> events;
  for (std::uint32_t i = 0; i < batch_; ++i) events.push_back(next_event(stream, due));
  connection.send(requests_.batch(events, unix_now_s()));
}

ApiEvent DeliveryRun::next_event(std::uint32_t stream, Nanoseconds due) {
  const Stamp stamp{.stream = stream, .sequence = log_.next(stream), .due_ns = due};
  return {channel_of(log_.room_of(stream)), stamped_data(stamp, options_.data_bytes)};
}

std::uint64_t DeliveryRun::waiting() const {
  std::uint64_t count = 0;
  for (const auto& queue : queues_) count += queue.size();
  return count;
}

void DeliveryRun::on_event(Client& client, const Stamp& stamp, Nanoseconds received) {
  if (!log_.record(client.index(), stamp) || step_ == nullptr) return;
  ++step_->deliveries;
  if (stamp.due_ns < measure_from_) return;
  last_delivery_ = received;
  step_->latency.record(static_cast<std::uint64_t>(std::max<Nanoseconds>(received - stamp.due_ns, 0)));
}

void DeliveryRun::on_refused(Client& client, std::string_view payload) {
  Crowd::on_refused(client, payload);
  if (first_refusal_.empty()) first_refusal_ = shown_text(payload);
  // A client that publishes has one stream, of its own number in its room.
  const std::uint32_t number = client.index() % options_.clients;
  const std::uint32_t streams = shape_of(options_).streams;
  if (options_.by == PublishBy::kClientEvents && number < streams) {
    log_.refuse_one(client.index() / options_.clients * streams + number);
  }
}

void DeliveryRun::on_answer(ApiConnection& connection, int status, Nanoseconds /*received*/) {
  if (status != kOk) {
    const auto [stream, first] = in_flight_[connection.index()];
    for (std::uint32_t i = 0; i < batch_; ++i) log_.refuse(stream, first + i);
    if (first_refusal_.empty()) first_refusal_ = connection.last_refusal();
  }
  send_next(connection);
}

Status DeliveryRun::check_accepted(const DeliveryStep& step) const {
  if (step.counts.refused == 0 || step.counts.expected != 0) return {};
  return Error{ErrorKind::kForbidden,
               fmt::format("the server refused all of {} events: {}", step.counts.refused, first_refusal_)};
}

Report DeliveryRun::report(const DeliveryStep& step) const {
  Report report;
  report.scenario = scenario_name(options_.scenario);
  report.settings = {
      {"channels", "channels", static_cast<double>(options_.rooms)},
      {"clients_per_channel", "clients a channel", static_cast<double>(options_.clients)},
      {"publishers", "publishers", static_cast<double>(options_.by == PublishBy::kApi ? api_.size() : log_.streams())},
      {"batch", "events a request", static_cast<double>(batch_)},
      {"rate", "events/s", step.rate},
      {"data_bytes", "data of an event, bytes", static_cast<double>(std::max(options_.data_bytes, kStampBytes))},
      {"seconds", "duration, s", static_cast<double>(options_.duration.count()) / 1e3}};
  report.add("deliveries_per_second", "deliveries/s", step.deliveries_a_second());
  report.add("expected", "deliveries expected", static_cast<double>(step.counts.expected));
  report.add("received", "  received", static_cast<double>(step.counts.received));
  report.add("lost", "  lost", static_cast<double>(step.counts.lost));
  report.add("doubled", "  doubled", static_cast<double>(step.counts.doubled));
  report.add("reordered", "  reordered", static_cast<double>(step.counts.reordered));
  report.add("misdelivered", "  misdelivered", static_cast<double>(step.counts.misdelivered));
  report.add("refused", "events refused", static_cast<double>(step.counts.refused));
  report.add("unsent", "events unsent", static_cast<double>(step.unsent));
  report.add("connections_lost", "connections lost", static_cast<double>(ended()));
  step.usage.add_to(report, "delivery", static_cast<double>(step.deliveries));
  report.add("generator_lag_p99_us", "generator's lateness, p99, µs",
             static_cast<double>(step.lag.quantile(0.99)) / 1e3);
  report.latency_of = "delivery";
  report.latency = step.latency;
  if (step.counts.refused != 0) report.warnings.push_back("the server refused events: " + first_refusal_);
  if (ended() != 0) report.warnings.push_back("connections were lost: " + first_ending());
  if (step.unsent != 0) report.warnings.emplace_back("the server answered publishes too slowly: not all could be sent");
  return report;
}

}  // namespace fanfare::bench
