#include "core/hub.h"

#include <algorithm>

namespace fanfare::core {

HubChannel* Hub::find(const ChannelView& channel) const {
  affinity_.check();
  const auto found = channels_.find(channel, channel.hash);
  return found == channels_.end() ? nullptr : found->second.get();
}

HubChannel& Hub::find_or_make(const ChannelView& channel) {
  if (HubChannel* known = find(channel)) return *known;
  ChannelRef name = make_channel_ref(channel);
  auto made = std::make_unique<HubChannel>(name);
  HubChannel& result = *made;
  channels_.emplace(std::move(name), std::move(made));
  return result;
}

void Hub::release(HubChannel& channel) {
  affinity_.check();
  if (!channel.is_unused()) return;
  // A copy, which keeps the key alive while it is erased. NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
  const ChannelRef name = channel.name();
  channels_.erase(name);
}

void Hub::deliver(const ChannelView& channel, BytesSlice frame, ConnectionRef except, FrameClass frame_class,
                  MonotonicTime received) {
  HubChannel* known = find(channel);
  if (known == nullptr || known->seated() == 0) return;
  if (known->deliver(fan_outs_, LocalSlice(std::move(frame)), connections_.find(except), frame_class, received)) {
    in_progress_.push_back(known);
    stats_.fan_outs_waiting.set(static_cast<std::int64_t>(in_progress_.size()));
  }
}

bool Hub::run_fan_outs(std::size_t seats_max) {
  affinity_.check();
  if (in_progress_.empty()) return false;
  std::size_t left = std::max<std::size_t>(seats_max, 1);
  while (!in_progress_.empty() && left > 0) {
    HubChannel& channel = *in_progress_.front();
    in_progress_.pop_front();
    const HubChannel::Advance advance = channel.advance(left, fan_outs_, stats_, finished_);
    left -= std::min(left, std::max<std::size_t>(advance.seats, 1));
    if (advance.done) {
      release(channel);
    } else {
      in_progress_.push_back(&channel);  // the others get their share first
    }
  }
  stats_.fan_outs_waiting.set(static_cast<std::int64_t>(in_progress_.size()));
  return !in_progress_.empty();
}

void Hub::record_finished(MonotonicTime now) {
  for (const MonotonicTime received : finished_) {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now - received).count();
    stats_.publish_to_write.record_us(took < 0 ? 0 : static_cast<std::uint64_t>(took));
  }
  finished_.clear();
}

}  // namespace fanfare::core
