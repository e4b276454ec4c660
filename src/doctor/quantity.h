// Numbers as people read them. Pure.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace fanfare::doctor {

// What stands for "unlimited", "max" and -1 in the kernel's files.
inline constexpr std::uint64_t kUnlimited = std::numeric_limits<std::uint64_t>::max();

// a + b and a × b, kUnlimited where that is beyond 64 bits: counts come from the command line and from files.
std::uint64_t plus(std::uint64_t a, std::uint64_t b) noexcept;
std::uint64_t times(std::uint64_t a, std::uint64_t b) noexcept;

std::string grouped(std::uint64_t count);     // 1,048,576; "unlimited"
std::string bytes_text(std::uint64_t bytes);  // 512 B, 1.5 KiB, 23.5 GiB; "unlimited"

}  // namespace fanfare::doctor
