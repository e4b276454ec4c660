// History: the last bytes of earlier messages, to which later ones of the same connection may refer ("context
// takeover"). All that a connection keeps between two messages: compressors are shared.
//
// Memory: what has been said so far, one window at most.
// Source: RFC 7692 sections 7.1.1 and 7.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "deflate/window.h"

namespace fanfare::deflate {

class History {
 public:
  explicit History(int window_bits) noexcept : bytes_max_(window_bytes(window_bits)) {}

  // What a message was, before it was deflated.
  void append(ByteView bytes);
  // Gives the memory back. Only a sender may forget: what it does not refer to, nobody misses.
  void forget() noexcept { bytes_ = {}; }

  ByteView view() const noexcept { return bytes_; }

 private:
  std::vector<std::uint8_t> bytes_;
  std::size_t bytes_max_;
};

// A history where one is kept, else null.
inline std::unique_ptr<History> history_if(bool is_kept, int window_bits) {
  return is_kept ? std::make_unique<History>(window_bits) : nullptr;
}

}  // namespace fanfare::deflate
