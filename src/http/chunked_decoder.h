// ChunkedDecoder: the body out of its chunks (RFC 9112 section 7.1), however they are cut. Extensions and trailers are
// read over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace fanfare::http {

class ChunkedDecoder {
 public:
  enum class Outcome : std::uint8_t {
    kNeedsMore,  // all input was consumed
    kData,       // `data` is a piece of the body; call again with the rest
    kEnd,        // the last chunk and its trailers are over
    kTooLarge,   // this chunk would make the body exceed its limit
    kError,      // `reason` says what is wrong
  };
  struct Step {
    Outcome outcome = Outcome::kNeedsMore;
    std::size_t consumed = 0;
    ByteView data;
    std::string_view reason;  // static
  };

  // The size lines' extensions and the trailers together: more of them is an error.
  static constexpr std::size_t kOverheadBytesMax = 8192;

  void begin(std::uint64_t body_bytes_max) noexcept;
  Step next(ByteView input) noexcept;

 private:
  enum class State : std::uint8_t {
    kSize,
    kSizeSpace,  // white space behind the size, before an extension
    kExtension,
    kSizeLineFeed,
    kData,
    kDataReturn,
    kDataLineFeed,
    kTrailerStart,
    kTrailer,
    kTrailerLineFeed,
    kEndLineFeed,
    kEnd,
  };

  // Why this byte cannot be here; empty: it can.
  std::string_view take(std::uint8_t byte) noexcept;
  std::string_view take_size(std::uint8_t byte) noexcept;
  std::string_view take_size_end(std::uint8_t byte) noexcept;
  std::string_view take_trailer(std::uint8_t byte) noexcept;
  std::string_view take_overhead(std::uint8_t byte, State when_return) noexcept;

  State state_ = State::kSize;
  std::uint8_t digits_ = 0;
  std::uint32_t overhead_ = 0;
  std::uint64_t size_ = 0;  // of the chunk, then what is left of it
  std::uint64_t room_ = 0;  // what the body may still grow
};

}  // namespace fanfare::http
