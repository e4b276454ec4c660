// Random numbers: from the operating system for ids and secrets, from a seed for tests and jitter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fanfare {

// Unpredictable. Thread: any.
std::uint64_t secure_random_u64();
// `bytes` unpredictable bytes as lowercase hexadecimal digits (two a byte).
std::string secure_random_hex(std::size_t bytes);

// Small, fast and repeatable (SplitMix64); never for secrets. Thread: one.
class SeededRandom {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() noexcept {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
    return mixed ^ (mixed >> 31U);
  }
  // 0 … bound − 1. The slight bias of the modulus does not matter for jitter and schedules.
  std::uint64_t below(std::uint64_t bound) noexcept { return next() % bound; }

 private:
  std::uint64_t state_;
};

}  // namespace fanfare
