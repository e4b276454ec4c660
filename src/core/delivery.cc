#include "core/delivery.h"

#include "ws/frame.h"

namespace fanfare::core {

const sockjs::Lines& Delivery::lines() const {
  if (lines_ == nullptr) {
    thread_local sockjs::LinesBuilder builder;
    for (ByteView rest = frames_.view(); !rest.empty();) {
      const ws::FrameText frame = ws::first_text_frame(rest);
      builder.message(frame.payload);
      rest = rest.subspan(frame.bytes);
    }
    lines_ = std::make_unique<const sockjs::Lines>(builder.take());
  }
  return *lines_;
}

}  // namespace fanfare::core
