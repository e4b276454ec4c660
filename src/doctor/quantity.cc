#include "doctor/quantity.h"

#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace fanfare::doctor {

std::uint64_t plus(std::uint64_t a, std::uint64_t b) noexcept { return a > kUnlimited - b ? kUnlimited : a + b; }

std::uint64_t times(std::uint64_t a, std::uint64_t b) noexcept {
  return b != 0 && a > kUnlimited / b ? kUnlimited : a * b;
}

std::string grouped(std::uint64_t count) {
  if (count == kUnlimited) return "unlimited";
  std::string text = std::to_string(count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string bytes_text(std::uint64_t bytes) {
  if (bytes == kUnlimited) return "unlimited";
  constexpr double kStep = 1024;
  constexpr std::array<const char*, 5> kUnits{"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  auto value = static_cast<double>(bytes) / kStep;
  std::size_t unit = 0;
  // A value that would be printed as 1024.0 is 1.0 of the next unit.
  for (; value >= kStep - 0.05 && unit + 1 < kUnits.size(); ++unit) value /= kStep;
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace fanfare::doctor
