// Delivery: encoded frames on their way to the subscribers of one loop, in each form that a subscriber may want.
//
// WebSocket frames are how events travel. What HTTP fallbacks and clients with permessage-deflate are sent is made of
// them when the first subscriber asks, once for all of a loop's, so that an event costs one escaping and one deflating
// a loop, not one a subscriber.
//
// Thread: one loop; its slices are counted plainly.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <boost/container/small_vector.hpp>

#include "base/local_bytes.h"
#include "sockjs/lines.h"

namespace fanfare::core {

// Makes the deflated form of a delivery; session/ implements it.
class FrameDeflater {
 public:
  // `frames`: one or several whole unmasked text frames. Returns the same messages for clients that keep no context and
  // have a window of `window_bits`; that may be `frames` themselves.
  virtual LocalSlice deflate_frames(const LocalSlice& frames, std::uint8_t window_bits) = 0;

 protected:
  ~FrameDeflater() = default;
};

class Delivery {
 public:
  // `frames`: one or several whole unmasked text frames.
  explicit Delivery(LocalSlice frames) noexcept : frames_(std::move(frames)) {}

  const LocalSlice& frames() const noexcept { return frames_; }
  // The same messages as lines. The first call makes them.
  const sockjs::Lines& lines() const;
  // The same messages deflated (RFC 7692), each by itself. The first call makes them; clients with smaller windows get
  // a form of their own only where the messages are so long that it matters.
  const LocalSlice& deflated(FrameDeflater& deflater, std::uint8_t window_bits) const;

  // Takes in the frames that lie right behind these. REQUIRES: nobody was given a part of this delivery yet.
  void extend_to(std::uint32_t end) noexcept { frames_.end = end; }

 private:
  struct Deflated {
    std::uint8_t window_bits;
    LocalSlice frames;
  };
  // What was asked for. One allocation, so that a delivery to plain WebSockets alone is small.
  struct OtherForms {
    std::optional<const sockjs::Lines> lines;
    boost::container::small_vector<Deflated, 1> deflated;  // at most one for each window
  };
  OtherForms& other_forms() const;

  LocalSlice frames_;
  mutable std::unique_ptr<OtherForms> other_forms_;
};

}  // namespace fanfare::core
