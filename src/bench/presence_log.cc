#include "bench/presence_log.h"

#include <algorithm>
#include <charconv>
#include <cstddef>

namespace fanfare::bench {

PresenceLog::PresenceLog(std::uint32_t members)
    : members_(members), owed_(members), place_(members), told_(members), knows_(std::size_t{members} * members) {}

void PresenceLog::join(std::uint32_t member, std::uint32_t count) {
  ++joined_;
  place_[member] = count;
  owed_[member] = members_ - std::min(count, members_);
  expected_ += owed_[member];
}

bool PresenceLog::record(std::uint32_t member, std::uint64_t other) {
  if (other >= members_ || other == member) {
    ++misdelivered_;
    return false;
  }
  const std::size_t place = std::size_t{member} * members_ + other;
  if (knows_[place]) {
    ++doubled_;
    return false;
  }
  knows_[place] = true;
  told_[member].push_back(static_cast<std::uint32_t>(other));
  ++received_;
  return true;
}

std::uint64_t PresenceLog::lost() const noexcept {
  std::uint64_t lost = 0;
  for (std::uint32_t i = 0; i < members_; ++i) {
    lost += owed_[i] - std::min<std::size_t>(owed_[i], told_[i].size());
  }
  return lost;
}

std::uint64_t PresenceLog::reordered() const noexcept {
  std::uint64_t reordered = 0;
  for (const std::vector<std::uint32_t>& told : told_) {
    std::uint32_t latest = 0;
    for (const std::uint32_t other : told) {
      if (place_[other] != 0 && place_[other] < latest) ++reordered;
      latest = std::max(latest, place_[other]);
    }
  }
  return reordered;
}

std::uint32_t roster_count(std::string_view payload) noexcept {
  constexpr std::string_view kName = R"(count\":)";  // JSON inside a JSON string
  const std::size_t at = payload.rfind(kName);
  std::uint32_t count = 0;
  if (at != std::string_view::npos) {
    std::from_chars(payload.data() + at + kName.size(), payload.data() + payload.size(), count);
  }
  return count;
}

}  // namespace fanfare::bench
