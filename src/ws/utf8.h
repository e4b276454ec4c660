// UTF-8 validation, incremental across fragments, and cutting at character boundaries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace fanfare::ws {

// Utf8Validator: checks text that arrives in pieces cut anywhere, also inside a character.
//
// Fails:  at the first byte after which no continuation could be valid (overlong forms, surrogates and values above
//         U+10FFFF are known from the second byte of a character), never later.
// Cost:   three bytes of state; runs of ASCII go 16 bytes at a time.
// Source: RFC 3629 section 4; RFC 6455 section 8.1.
class Utf8Validator {
 public:
  // False once the text so far cannot be the beginning of valid UTF-8; the validator is then of no further use.
  bool feed(ByteView bytes) noexcept;
  // Whether the text may end here: no character is incomplete.
  bool is_complete() const noexcept { return missing_ == 0; }

 private:
  bool start_character(std::uint8_t lead) noexcept;

  std::uint8_t missing_ = 0;  // continuation bytes that the current character still needs
  // The bounds of the next continuation byte; narrower than 80…BF only behind E0, ED, F0 and F4.
  std::uint8_t lowest_ = 0x80;
  std::uint8_t highest_ = 0xBF;
};

// Whether `bytes` are whole, valid UTF-8.
bool is_valid_utf8(ByteView bytes) noexcept;

// The longest prefix of `text` that is at most `bytes_max` long and does not cut a character. `text` is valid UTF-8.
std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept;

}  // namespace fanfare::ws
