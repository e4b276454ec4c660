#include "bench/crowd.h"

#include <algorithm>

#include "bench/open_files.h"

namespace fanfare::bench {

namespace {

constexpr Nanoseconds kPatience = 10 * kNanosecondsInASecond;
constexpr Nanoseconds kPingPeriod = 60 * kNanosecondsInASecond;

}  // namespace

Crowd::Crowd(const BenchTarget& target, std::uint32_t count, std::uint32_t window)
    : context_(loop_, target, *this), window_(std::max(window, 1U)), last_ping_(PollLoop::now()) {
  claim_open_files(count);
  clients_.reserve(count);
  for (std::uint32_t i = 0; i < count; ++i) clients_.push_back(std::make_unique<Client>(context_, i));
}

Status Crowd::open(std::uint32_t begin, std::uint32_t end, const BenchOptions& options, const Progress& progress) {
  begin_opening(begin, end);
  std::uint32_t seen = ready_;
  Nanoseconds changed = PollLoop::now();
  Nanoseconds told = changed;
  while (is_opening()) {
    const Nanoseconds now = PollLoop::now();
    if (std::exchange(seen, ready_) != ready_) changed = now;
    if (options.is_stopped()) return stopped_early();
    if (now - changed > kPatience) {
      return Error{ErrorKind::kUnavailable, "no answer for ten seconds: " + std::to_string(ready_ - begin) + " of " +
                                                std::to_string(end - begin) + " clients are subscribed"};
    }
    if (now - told > 2 * kNanosecondsInASecond) {
      told = now;
      progress(std::to_string(ready_) + " clients are subscribed");
    }
    loop_.turn(now + kNanosecondsInASecond / 10);
  }
  return opening_status();
}

void Crowd::begin_opening(std::uint32_t begin, std::uint32_t end) {
  opened_ = begin;
  ready_ = begin;
  opening_end_ = end;
  for (std::uint32_t i = 0; i < window_; ++i) open_next();
}

Status Crowd::opening_status() const {
  if (failure_.empty()) return {};
  return Error{ErrorKind::kUnavailable, "a client could not subscribe: " + failure_};
}

void Crowd::open_next() {
  if (opened_ < opening_end_) clients_[opened_++]->open();
}

void Crowd::on_ready() {
  ++ready_;
  open_next();
}

void Crowd::keep_alive() {
  const Nanoseconds now = PollLoop::now();
  const auto share = static_cast<double>(now - last_ping_) / static_cast<double>(kPingPeriod);
  const auto due = static_cast<std::uint32_t>(share * size());
  if (due == 0) return;
  last_ping_ = now;
  for (std::uint32_t i = 0; i < std::min(due, size()); ++i) {
    Client& one = client(next_ping_);
    next_ping_ = (next_ping_ + 1) % size();
    if (one.is_subscribed()) one.send_ping();
  }
}

void Crowd::on_established(Client& client) {
  const Place place = place_of(client.index());
  if (place.channel.empty()) return on_ready();
  client.subscribe(place.channel, place.member);
}

void Crowd::on_subscribed(Client& /*client*/, std::string_view /*payload*/) { on_ready(); }

void Crowd::on_refused(Client& /*client*/, std::string_view payload) {
  if (failure_.empty() && is_opening()) failure_ = payload;
}

void Crowd::on_closed(Client& /*client*/, const std::string& why) {
  if (is_opening()) {
    failure_ = why;
    return;
  }
  if (ended_++ == 0) first_ending_ = why;
}

}  // namespace fanfare::bench
