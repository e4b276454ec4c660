// StrongId: integers that cannot be swapped for one another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace fanfare {

template <typename Tag, typename Integer = std::uint32_t>
class StrongId {
 public:
  constexpr StrongId() = default;
  constexpr explicit StrongId(Integer value) : value_(value) {}
  constexpr Integer value() const noexcept { return value_; }
  friend constexpr auto operator<=>(StrongId, StrongId) = default;

 private:
  Integer value_ = 0;
};

// Which event loop of the process, from 0.
using LoopIndex = StrongId<struct LoopIndexTag, std::uint16_t>;

}  // namespace fanfare

template <typename Tag, typename Integer>
struct std::hash<fanfare::StrongId<Tag, Integer>> {
  std::size_t operator()(fanfare::StrongId<Tag, Integer> id) const noexcept { return std::hash<Integer>{}(id.value()); }
};
