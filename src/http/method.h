// The request methods that routes are made of.
#pragma once

#include <cstdint>
#include <string_view>

namespace fanfare::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

inline constexpr std::size_t kMethods = 8;

// "GET"; "OTHER" for kOther.
std::string_view method_name(Method method) noexcept;
// Case matters (RFC 9110 section 9.1); kOther for what is not in the list.
Method method_of(std::string_view name) noexcept;

}  // namespace fanfare::http
