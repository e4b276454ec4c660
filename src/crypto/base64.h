// Base64 with the standard alphabet and padding. Source: RFC 4648, section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace fanfare::crypto {

std::string to_base64(ByteView bytes);

// Strict: a length that is no multiple of 4, a foreign character (white space too), padding elsewhere than at the end
// and bits that no byte uses are refused, so that each byte string has exactly one spelling.
std::optional<std::string> from_base64(std::string_view text);

// The URL-safe alphabet without padding, as JSON Web Tokens and Keys have it; as strict. Source: RFC 7515, section 2.
std::string to_base64url(ByteView bytes);
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace fanfare::crypto
