// Stamp: what an event of the load generator carries, so that a receiver knows which one it is and since when it was
// due, without reading JSON.
//
// Form:  ~fb~ and 8 + 12 + 16 hexadecimal digits: stream, sequence, nanoseconds of the monotonic clock. No character
//        of it is escaped in JSON, however often it is quoted, nor refused in a user id.
// Cost:  a receiver looks where the last stamp was; and of the same event sent to thousands only the first is decoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanfare::bench {

struct Stamp {
  std::uint32_t stream = 0;
  std::uint64_t sequence = 0;  // below 2^48
  std::int64_t due_ns = 0;     // when it was to be sent: not when it was

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

inline constexpr std::string_view kStampMark = "~fb~";
inline constexpr std::size_t kStampBytes = 40;

void append_stamp(std::string& to, const Stamp& stamp);
// A stamp and as many dots as it takes to be `data_bytes` long; never shorter than the stamp.
std::string stamped_data(const Stamp& stamp, std::size_t data_bytes);

// Thread: one.
class StampFinder {
 public:
  // The first stamp in `text`. Nothing: there is none.
  std::optional<Stamp> find(std::string_view text);

 private:
  bool is_at(std::string_view text, std::size_t place) const noexcept;
  Stamp decode(const char* found) noexcept;

  std::size_t place_ = 0;     // where the last one was
  char last_[kStampBytes]{};  // the last one, and what it means
  Stamp decoded_;
};

}  // namespace fanfare::bench
