// PlaceIndex: finds the elements of a vector by hash. It holds places (indexes into the vector) only, so what an
// element is found by is stored once, in the element.
//
// A vector of few elements has none: looking at each is as quick, and most vectors that are indexed so are short.
//
// `hash_of`(place) and `is_it`(place) are asked about places that are in the index.
//
// Cost: nothing up to kUnindexedMax elements, then 8 to 16 bytes an element; open addressing, at most half full.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"

namespace fanfare::core {

class PlaceIndex {
 public:
  static constexpr std::uint32_t kNowhere = 0xFFFF'FFFF;
  static constexpr std::uint32_t kUnindexedMax = 16;

  // kNowhere: there is none. `size` is that of the vector.
  template <typename IsIt>
  std::uint32_t find(std::uint32_t hash, std::size_t size, const IsIt& is_it) const {
    if (slots_.empty()) {
      for (std::uint32_t place = 0; place < size; ++place) {
        if (is_it(place)) return place;
      }
      return kNowhere;
    }
    for (std::size_t slot = home_of(hash);; slot = next(slot)) {
      if (slots_[slot] == kNowhere || is_it(slots_[slot])) return slots_[slot];
    }
  }

  // `place` has got an element. An index that comes into being by that takes up all of [0, size).
  template <typename HashOf>
  void add(std::uint32_t place, std::size_t size, const HashOf& hash_of) {
    if (slots_.empty()) {
      if (size <= kUnindexedMax) return;
      slots_.assign(kSlotsMin, kNowhere);
      for (std::uint32_t each = 0; each < size; ++each) put(each, hash_of(each));
      used_ = size;
      return;
    }
    if (2 * (used_ + 1) > slots_.size()) grow(hash_of);
    put(place, hash_of(place));
    ++used_;
  }

  // The element at `place` goes.
  template <typename HashOf>
  void remove(std::uint32_t place, const HashOf& hash_of) {
    if (slots_.empty()) return;
    std::size_t hole = slot_of(hash_of(place), place);
    // Who stands behind the hole because of it moves up, so that a search may end at a free slot.
    for (std::size_t slot = next(hole); slots_[slot] != kNowhere; slot = next(slot)) {
      if (distance(home_of(hash_of(slots_[slot])), slot) < distance(hole, slot)) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole] = kNowhere;
    --used_;
  }

  // The element moved within the vector.
  void move(std::uint32_t hash, std::uint32_t from, std::uint32_t to) {
    if (!slots_.empty()) slots_[slot_of(hash, from)] = to;
  }

 private:
  static constexpr std::size_t kSlotsMin = std::size_t{4} * kUnindexedMax;

  std::size_t next(std::size_t slot) const noexcept { return (slot + 1) & (slots_.size() - 1); }
  std::size_t home_of(std::uint32_t hash) const noexcept { return hash & (slots_.size() - 1); }
  std::size_t distance(std::size_t from, std::size_t to) const noexcept { return (to - from) & (slots_.size() - 1); }

  std::size_t slot_of(std::uint32_t hash, std::uint32_t place) const {
    std::size_t slot = home_of(hash);
    while (slots_[slot] != place) {
      FANFARE_DEBUG_ASSERT(slots_[slot] != kNowhere);
      slot = next(slot);
    }
    return slot;
  }
  void put(std::uint32_t place, std::uint32_t hash) {
    std::size_t slot = home_of(hash);
    while (slots_[slot] != kNowhere) slot = next(slot);
    slots_[slot] = place;
  }
  template <typename HashOf>
  void grow(const HashOf& hash_of) {
    std::vector<std::uint32_t> old(2 * slots_.size(), kNowhere);
    old.swap(slots_);
    for (const std::uint32_t place : old) {
      if (place != kNowhere) put(place, hash_of(place));
    }
  }

  std::vector<std::uint32_t> slots_;  // a power of two of them
  std::size_t used_ = 0;
};

}  // namespace fanfare::core
