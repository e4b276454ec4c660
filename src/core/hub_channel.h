// HubChannel: the subscribers that one loop has in one channel, and the fan-outs that are on their way to them.
//
// Order:  deliver() only queues; advance() walks the seats and hands over, a bounded number of seats a turn. Events
// that
//         come in meanwhile wait behind. A subscriber gets what was queued after it took its seat, in order, and
//         nothing after it left.
// Thread: one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/local_bytes.h"
#include "core/channel_ref.h"
#include "core/core_stats.h"
#include "core/delivery.h"
#include "core/fan_out.h"
#include "core/subscriber.h"

namespace fanfare::core {

class HubChannel {
 public:
  explicit HubChannel(ChannelRef name) : name_(std::move(name)) {}

  const ChannelRef& name() const noexcept { return name_; }
  std::size_t seated() const noexcept { return seats_.size() - tombstones_; }
  // Memory held for seats, taken or not.
  std::size_t seat_capacity() const noexcept { return seats_.capacity(); }
  // Nobody is here, nobody is expected, nothing is on its way: it can be destroyed.
  bool is_unused() const noexcept { return seats_.empty() && pending_ == 0 && fan_out_ == nullptr; }

  // A subscription that waits for the home loop's answer keeps the channel alive.
  void expect() noexcept { ++pending_; }
  void stop_expecting() noexcept { --pending_; }

  void take_seat(Subscriber& subscriber, std::uint32_t subscription_index);
  void leave_seat(std::uint32_t seat);
  // A subscription moved to another index in its subscriber.
  void reindex(std::uint32_t seat, std::uint32_t subscription_index) { seats_[seat].subscription = subscription_index; }

  // Queues frames for all who sit here now but `except`. Returns true when no fan-out was in progress before: the Hub
  // must schedule one.
  bool deliver(FanOutPool& pool, LocalSlice frames, const Subscriber* except, FrameClass frame_class,
               MonotonicTime received);

  // Hands over to at most `seats_max` seats. Finished fan-outs' times of receipt are appended to `finished`.
  struct Advance {
    std::size_t seats = 0;
    bool done = true;
  };
  Advance advance(std::size_t seats_max, FanOutPool& pool, CoreStats& stats, std::vector<MonotonicTime>& finished);

  // Calls `visit(Subscriber&, subscription_index)` for everyone seated. `visit` may not change seats.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const Seat& seat : seats_) {
      if (seat.subscriber != nullptr) visit(*seat.subscriber, seat.subscription);
    }
  }

 private:
  struct Seat {
    Subscriber* subscriber = nullptr;  // nullptr: left while a fan-out was in progress
    std::uint32_t subscription = 0;    // its index there
  };

  void hand_over(const Seat& seat, std::size_t index, CoreStats& stats) const;
  void finish_batch(std::vector<MonotonicTime>& finished);
  void remove_tombstones();
  void give_memory_back();

  ChannelRef name_;
  std::vector<Seat> seats_;
  std::unique_ptr<FanOut> fan_out_;
  std::uint32_t pending_ = 0;
  std::uint32_t tombstones_ = 0;
};

}  // namespace fanfare::core
