#include "session/held_subscriptions.h"

#include <algorithm>
#include <utility>

namespace fanfare::session {

HeldSubscriptions::Outcome HeldSubscriptions::hold(std::string_view channel, MonotonicTime until) {
  if (std::ranges::find(entries_, channel, &Entry::channel) != entries_.end()) return Outcome::kAlreadyHeld;
  if (entries_.size() >= kMax) return Outcome::kTooMany;
  entries_.push_back({std::string(channel), until});
  return Outcome::kHeld;
}

bool HeldSubscriptions::drop(std::string_view channel) {
  return std::erase_if(entries_, [&](const Entry& entry) { return entry.channel == channel; }) != 0;
}

std::vector<std::string> HeldSubscriptions::take_all() {
  std::vector<std::string> channels;
  for (Entry& entry : std::exchange(entries_, {})) channels.push_back(std::move(entry.channel));
  return channels;
}

std::vector<std::string> HeldSubscriptions::take_due(MonotonicTime now) {
  std::vector<std::string> channels;
  std::erase_if(entries_, [&](Entry& entry) {
    if (entry.until > now) return false;
    channels.push_back(std::move(entry.channel));
    return true;
  });
  return channels;
}

std::optional<MonotonicTime> HeldSubscriptions::next_due() const {
  const auto first = std::ranges::min_element(entries_, {}, &Entry::until);
  if (first == entries_.end()) return std::nullopt;
  return first->until;
}

}  // namespace fanfare::session
