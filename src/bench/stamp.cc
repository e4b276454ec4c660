#include "bench/stamp.h"

#include <algorithm>
#include <cstring>

namespace fanfare::bench {

namespace {

constexpr std::size_t kStreamDigits = 8;
constexpr std::size_t kSequenceDigits = 12;
constexpr std::size_t kTimeDigits = 16;
static_assert(kStampMark.size() + kStreamDigits + kSequenceDigits + kTimeDigits == kStampBytes);

void append_digits(std::string& to, std::uint64_t value, std::size_t digits) {
  for (std::size_t i = digits; i-- > 0;) to.push_back("0123456789abcdef"[(value >> (4 * i)) & 0xFU]);
}

bool is_digit(char c) noexcept { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::uint64_t read_digits(const char* from, std::size_t digits) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const auto digit = static_cast<std::uint64_t>(from[i] <= '9' ? from[i] - '0' : from[i] - 'a' + 10);
    value = (value << 4U) | digit;
  }
  return value;
}

}  // namespace

void append_stamp(std::string& to, const Stamp& stamp) {
  to += kStampMark;
  append_digits(to, stamp.stream, kStreamDigits);
  append_digits(to, stamp.sequence, kSequenceDigits);
  append_digits(to, static_cast<std::uint64_t>(stamp.due_ns), kTimeDigits);
}

std::string stamped_data(const Stamp& stamp, std::size_t data_bytes) {
  std::string data;
  data.reserve(data_bytes + kStampBytes);
  append_stamp(data, stamp);
  if (data.size() < data_bytes) data.append(data_bytes - data.size(), '.');
  return data;
}

std::optional<Stamp> StampFinder::find(std::string_view text) {
  if (is_at(text, place_)) return decode(text.data() + place_);
  for (std::size_t place = text.find(kStampMark); place != std::string_view::npos;
       place = text.find(kStampMark, place + 1)) {
    if (!is_at(text, place)) continue;
    place_ = place;
    return decode(text.data() + place);
  }
  return std::nullopt;
}

bool StampFinder::is_at(std::string_view text, std::size_t place) const noexcept {
  if (text.size() < place + kStampBytes) return false;
  const char* found = text.data() + place;
  if (std::memcmp(found, last_, kStampBytes) == 0) return true;
  return std::memcmp(found, kStampMark.data(), kStampMark.size()) == 0 &&
         std::all_of(found + kStampMark.size(), found + kStampBytes, is_digit);
}

Stamp StampFinder::decode(const char* found) noexcept {
  if (std::memcmp(found, last_, kStampBytes) == 0) return decoded_;
  std::memcpy(last_, found, kStampBytes);
  const char* digits = found + kStampMark.size();
  decoded_.stream = static_cast<std::uint32_t>(read_digits(digits, kStreamDigits));
  decoded_.sequence = read_digits(digits + kStreamDigits, kSequenceDigits);
  decoded_.due_ns = static_cast<std::int64_t>(read_digits(digits + kStreamDigits + kSequenceDigits, kTimeDigits));
  return decoded_;
}

}  // namespace fanfare::bench
