// OnceAMinute: lets a warning through once per key and minute, and counts what it held back.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"

namespace fanfare {

// Thread: any. A mutex is enough: this is asked about refusals only, never about what is served, and one table for the
//         whole process is what makes "once a minute" true however many loops refuse.
// Bound:  `keys_max` keys; beyond it, keys that are not known yet are held back until a minute's entries expire.
class OnceAMinute {
 public:
  explicit OnceAMinute(std::size_t keys_max = 1024) : keys_max_(keys_max) {}

  // How many were held back since the last one let through (0 or more), or nothing: hold this one back too.
  std::optional<std::uint64_t> pass(std::string_view key, MonotonicTime now) {
    const std::lock_guard lock(mutex_);
    if (now - swept_ > kPeriod) sweep(now);
    auto entry = entries_.find(std::string(key));
    if (entry == entries_.end()) {
      if (entries_.size() >= keys_max_) return std::nullopt;
      entries_.emplace(std::string(key), Entry{now, 0});
      return 0;
    }
    if (now - entry->second.last >= kPeriod) {
      const std::uint64_t held_back = entry->second.held_back;
      entry->second = Entry{now, 0};
      return held_back;
    }
    ++entry->second.held_back;
    return std::nullopt;
  }

 private:
  static constexpr std::chrono::seconds kPeriod{60};
  struct Entry {
    MonotonicTime last;
    std::uint64_t held_back;
  };

  void sweep(MonotonicTime now) {
    swept_ = now;
    std::erase_if(entries_, [&](const auto& entry) {
      // One that held something back gets a second minute to say so; without an end to that, such keys would fill the
      // table.
      return now - entry.second.last >= (entry.second.held_back == 0 ? kPeriod : 2 * kPeriod);
    });
  }

  std::mutex mutex_;
  std::size_t keys_max_;
  std::unordered_map<std::string, Entry> entries_;
  MonotonicTime swept_{};
};

}  // namespace fanfare
