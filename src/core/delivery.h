// Delivery: encoded frames on their way to the subscribers of one loop, in each form that a subscriber may want.
//
// WebSocket frames are how events travel. What HTTP fallbacks send is made of them when the first subscriber asks, once
// for all of a loop's, so that an event costs one escaping a loop, not one a subscriber.
//
// Thread: one loop; its slices are counted plainly.
#pragma once

#include <memory>
#include <utility>

#include "base/local_bytes.h"
#include "sockjs/lines.h"

namespace fanfare::core {

class Delivery {
 public:
  // `frames`: one or several whole unmasked text frames.
  explicit Delivery(LocalSlice frames) noexcept : frames_(std::move(frames)) {}

  const LocalSlice& frames() const noexcept { return frames_; }
  // The same messages as lines. The first call makes them.
  const sockjs::Lines& lines() const;

  // Takes in the frames that lie right behind these. REQUIRES: nobody was given a part of this delivery yet.
  void extend_to(std::uint32_t end) noexcept { frames_.end = end; }

 private:
  LocalSlice frames_;
  mutable std::unique_ptr<const sockjs::Lines> lines_;
};

}  // namespace fanfare::core
