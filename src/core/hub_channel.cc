#include "core/hub_channel.h"

#include <algorithm>

#include "base/assert.h"

namespace fanfare::core {

namespace {

// A walk does little with each subscriber, and most of its time would be waiting for their memory. So it is fetched: of
// the first ones when the event is queued, of the others so many seats ahead of the walk.
constexpr std::size_t kSeatsAhead = 4;

}  // namespace

void HubChannel::take_seat(Subscriber& subscriber, std::uint32_t subscription_index) {
  subscriber.subscriptions_[subscription_index].seat = static_cast<std::uint32_t>(seats_.size());
  seats_.push_back({&subscriber, subscription_index});
}

void HubChannel::leave_seat(std::uint32_t seat) {
  FANFARE_DEBUG_ASSERT(seat < seats_.size() && seats_[seat].subscriber != nullptr);
  if (fan_out_ != nullptr) {
    // Moving another seat here would make the walk miss it or visit it twice.
    seats_[seat].subscriber = nullptr;
    ++tombstones_;
    return;
  }
  if (seat + 1 != seats_.size()) {
    seats_[seat] = seats_.back();
    seats_[seat].subscriber->subscriptions_[seats_[seat].subscription].seat = seat;
  }
  seats_.pop_back();
  give_memory_back();
}

bool HubChannel::deliver(FanOutPool& pool, LocalSlice frames, const Subscriber* except, FrameClass frame_class,
                         MonotonicTime received) {
  const bool starts = fan_out_ == nullptr;
  if (starts) {
    fan_out_ = pool.take();
    for (std::size_t i = 0; i < std::min(kSeatsAhead, seats_.size()); ++i) __builtin_prefetch(seats_[i].subscriber);
  }
  const auto seats = static_cast<std::uint32_t>(seats_.size());
  auto& events = fan_out_->events;
  // A burst of a channel lies side by side in one chunk: joined, it costs each subscriber one slice.
  if (events.size() > fan_out_->batch) {
    FanOut::Event& last = events.back();
    if (except == nullptr && last.except == nullptr && last.seats == seats && last.frame_class == frame_class &&
        last.delivery.frames().end == frames.begin && last.delivery.frames().bytes.is_same_chunk(frames.bytes)) {
      last.delivery.extend_to(frames.end);  // its walk has not begun
      ++last.count;
      return starts;
    }
  }
  events.push_back({Delivery(std::move(frames)), except, seats, 1, frame_class, received});
  return starts;
}

HubChannel::Advance HubChannel::advance(std::size_t seats_max, FanOutPool& pool, CoreStats& stats,
                                        std::vector<MonotonicTime>& finished) {
  FANFARE_DEBUG_ASSERT(fan_out_ != nullptr);
  Advance result;
  FanOut& fan_out = *fan_out_;
  while (!fan_out.events.empty()) {
    if (fan_out.batch == 0) {
      fan_out.batch = fan_out.events.size();
      fan_out.cursor = 0;
    }
    // Later events of a batch have more seats, never fewer.
    const std::size_t end = fan_out.events[fan_out.batch - 1].seats;
    for (; fan_out.cursor < end; ++fan_out.cursor) {
      if (result.seats == seats_max) {
        result.done = false;
        return result;
      }
      ++result.seats;
      if (fan_out.cursor + kSeatsAhead < end) __builtin_prefetch(seats_[fan_out.cursor + kSeatsAhead].subscriber);
      if (seats_[fan_out.cursor].subscriber != nullptr) hand_over(seats_[fan_out.cursor], fan_out.cursor, stats);
    }
    finish_batch(finished);
    // A channel that is never through with its events would otherwise keep a seat for everyone who ever left.
    if (tombstones_ > seats_.size() / 2) remove_tombstones();
  }
  pool.give_back(std::move(fan_out_));
  if (tombstones_ != 0) remove_tombstones();
  return result;
}

void HubChannel::hand_over(const Seat& seat, std::size_t index, CoreStats& stats) const {
  for (std::size_t i = 0; i < fan_out_->batch; ++i) {
    const FanOut::Event& event = fan_out_->events[i];
    if (index >= event.seats || event.except == seat.subscriber) continue;
    seat.subscriber->deliver(event.delivery, event.frame_class);
    (event.frame_class == FrameClass::kEvent ? stats.delivered_frames : stats.delivered_protocol).add(event.count);
    stats.delivered_bytes.add(event.delivery.frames().size());
  }
}

void HubChannel::finish_batch(std::vector<MonotonicTime>& finished) {
  FanOut& fan_out = *fan_out_;
  for (std::size_t i = 0; i < fan_out.batch; ++i) {
    if (fan_out.events[i].received != MonotonicTime{}) finished.push_back(fan_out.events[i].received);
  }
  fan_out.events.erase(fan_out.events.begin(), fan_out.events.begin() + static_cast<std::ptrdiff_t>(fan_out.batch));
  fan_out.batch = 0;
}

// Between two walks. Those who stay keep their order, so that a waiting event is still owed to the first so many.
void HubChannel::remove_tombstones() {
  std::size_t waiting = 0;
  const std::size_t events = fan_out_ == nullptr ? 0 : fan_out_->events.size();
  std::uint32_t kept = 0;
  for (std::size_t i = 0; i <= seats_.size(); ++i) {
    for (; waiting < events && fan_out_->events[waiting].seats == i; ++waiting) fan_out_->events[waiting].seats = kept;
    if (i == seats_.size() || seats_[i].subscriber == nullptr) continue;
    seats_[i].subscriber->subscriptions_[seats_[i].subscription].seat = kept;
    seats_[kept++] = seats_[i];
  }
  seats_.resize(kept);
  tombstones_ = 0;
  give_memory_back();
}

// A channel that was large for a moment.
void HubChannel::give_memory_back() {
  if (seats_.capacity() > 64 && seats_.size() < seats_.capacity() / 4) seats_.shrink_to_fit();
}

}  // namespace fanfare::core
