// Hexadecimal text, as the protocol's digests are written: lowercase.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace fanfare::crypto {

// Writes two lowercase digits a byte to `to`, which has room for 2 * bytes.size().
void write_hex(ByteView bytes, char* to) noexcept;
std::string to_hex(ByteView bytes);

// Reads two digits a byte, upper and lower case. False: `text` is not of that many characters, or one of them is no
// digit; then `to` holds nothing of use.
bool read_hex(std::string_view text, std::span<std::uint8_t> to) noexcept;

}  // namespace fanfare::crypto
