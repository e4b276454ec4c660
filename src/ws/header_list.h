// Header values that are comma-separated lists of tokens (RFC 9110 section 5.6.1), and comparison without case.
#pragma once

#include <string_view>

namespace fanfare::ws {

// ASCII letters compare without their case.
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

// Without the spaces and tabs at both ends.
std::string_view trim(std::string_view text) noexcept;

// Whether `list` has `token`, whatever the case.
bool has_token(std::string_view list, std::string_view token) noexcept;

// Whether `list` has exactly `token`: subprotocols distinguish case.
bool has_exact_token(std::string_view list, std::string_view token) noexcept;

}  // namespace fanfare::ws
