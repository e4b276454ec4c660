// FanOut: the events of one channel that are on their way to its subscribers on one loop, and how far they are.
//
// A FanOutPool keeps those that have ended for the next ones: a channel has one for a turn at a time, and most turns
// have few.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "base/clock.h"
#include "core/delivery.h"
#include "core/subscriber.h"

namespace fanfare::core {

struct FanOut {
  struct Event {
    Delivery delivery;
    const Subscriber* except;
    std::uint32_t seats;  // seats taken when it was queued: who came later is not owed it
    std::uint32_t count;  // frames joined in `delivery`
    FrameClass frame_class;
    MonotonicTime received;
  };

  // Events [0, batch) are being walked together, at seat `cursor`; the others wait for the next walk.
  boost::container::small_vector<Event, 1> events;
  std::size_t batch = 0;
  std::size_t cursor = 0;
};

class FanOutPool {
 public:
  // One without events.
  std::unique_ptr<FanOut> take() {
    if (spare_.empty()) return std::make_unique<FanOut>();
    std::unique_ptr<FanOut> fan_out = std::move(spare_.back());
    spare_.pop_back();
    return fan_out;
  }

  // REQUIRES: all its events have gone.
  void give_back(std::unique_ptr<FanOut> fan_out) {
    if (spare_.size() == kSpareMax || fan_out->events.capacity() > kKeptEvents) return;
    fan_out->batch = 0;
    fan_out->cursor = 0;
    spare_.push_back(std::move(fan_out));
  }

 private:
  // What a burst leaves behind above these is given back.
  static constexpr std::size_t kSpareMax = 64;
  static constexpr std::size_t kKeptEvents = 64;

  std::vector<std::unique_ptr<FanOut>> spare_;
};

}  // namespace fanfare::core
