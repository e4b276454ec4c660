// RoundList: things that want one call in the next round, each at most once. Any of them may leave, or die, at any
// time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fanfare::net {

inline constexpr std::uint32_t kNotListed = 0xFFFF'FFFF;

// `Slot` is where a T keeps its place: kNotListed while it is in no list.
template <typename T, std::uint32_t T::*Slot>
class RoundList {
 public:
  void add(T& item) {
    if (item.*Slot != kNotListed) return;
    item.*Slot = static_cast<std::uint32_t>(items_.size());
    items_.push_back(&item);
  }

  void remove(T& item) noexcept {
    if (item.*Slot == kNotListed) return;
    items_[item.*Slot] = nullptr;
    item.*Slot = kNotListed;
  }

  // Takes out everything that is listed now and calls `visit` with each; what is added meanwhile stays for the next
  // round.
  template <typename Visit>
  void run_round(const Visit& visit) {
    const std::size_t count = items_.size();
    for (std::size_t i = 0; i < count; ++i) {
      T* const item = items_[i];
      if (i + 1 < count) fetch_ahead(items_[i + 1]);
      if (item == nullptr) continue;
      remove(*item);
      visit(*item);
    }
    items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(count));
    // Who joined in the round and has left since would make a loop go round again for nothing.
    while (!items_.empty() && items_.back() == nullptr) items_.pop_back();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (items_[i] != nullptr) items_[i]->*Slot = static_cast<std::uint32_t>(i);
    }
  }

  // May be false when all that was listed has left.
  bool empty() const noexcept { return items_.empty(); }
  // Counts those that have left, too.
  std::size_t size() const noexcept { return items_.size(); }

 private:
  // A visit ends in the kernel, which takes long enough for the next item's memory to arrive: a thousand items, each
  // touched once a round, are never in the nearest cache. Two lines hold what a stream's write needs.
  static void fetch_ahead(const T* item) noexcept {
    constexpr std::size_t kCacheLine = 64;
    __builtin_prefetch(item);
    __builtin_prefetch(reinterpret_cast<const std::byte*>(item) + kCacheLine);
  }

  std::vector<T*> items_;
};

}  // namespace fanfare::net
