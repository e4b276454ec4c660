// RepeatFilter: whether something was seen within a time before.
//
// Thread: one. Bound: `entries_max`; above it the oldest go.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "base/clock.h"

namespace fanfare::gateway {

class RepeatFilter {
 public:
  explicit RepeatFilter(std::chrono::seconds memory, std::size_t entries_max = 20'000)
      : memory_(memory), entries_max_(entries_max) {}

  bool contains(std::string_view key, MonotonicTime now) {
    forget_old(now);
    return seen_.contains(std::string(key));
  }
  void add(std::string_view key, MonotonicTime now) {
    if (!seen_.insert(std::string(key)).second) return;
    order_.emplace_back(now, std::string(key));
    forget_old(now);
  }

 private:
  void forget_old(MonotonicTime now) {
    while (!order_.empty() && (order_.size() > entries_max_ || now - order_.front().first > memory_)) {
      seen_.erase(order_.front().second);
      order_.pop_front();
    }
  }

  std::chrono::seconds memory_;
  std::size_t entries_max_;
  std::unordered_set<std::string> seen_;
  std::deque<std::pair<MonotonicTime, std::string>> order_;
};

}  // namespace fanfare::gateway
