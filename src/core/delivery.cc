#include "core/delivery.h"

#include <algorithm>

#include "ws/deflated_frame.h"
#include "ws/frame.h"

namespace fanfare::core {

Delivery::OtherForms& Delivery::other_forms() const {
  if (other_forms_ == nullptr) other_forms_ = std::make_unique<OtherForms>();
  return *other_forms_;
}

const sockjs::Lines& Delivery::lines() const {
  OtherForms& forms = other_forms();
  if (!forms.lines) {
    thread_local sockjs::LinesBuilder builder;
    for (ByteView rest = frames_.view(); !rest.empty();) {
      const ws::FrameText frame = ws::first_text_frame(rest);
      builder.message(frame.payload);
      rest = rest.subspan(frame.bytes);
    }
    forms.lines.emplace(builder.take());
  }
  return *forms.lines;
}

const LocalSlice& Delivery::deflated(FrameDeflater& deflater, std::uint8_t window_bits) const {
  auto& forms = other_forms().deflated;
  const std::uint8_t needed = ws::useful_window_bits(frames_.size(), window_bits);
  const auto known = std::ranges::find(forms, needed, &Deflated::window_bits);
  if (known != forms.end()) return known->frames;
  return forms.emplace_back(Deflated{needed, deflater.deflate_frames(frames_, needed)}).frames;
}

}  // namespace fanfare::core
