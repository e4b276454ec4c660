// Accept-Encoding. Source: RFC 9110 section 12.5.3
#pragma once

#include <string_view>

namespace fanfare::http {

// Whether an Accept-Encoding with this value takes gzip: by name, or by "*" where gzip is not named. No value: no.
bool accepts_gzip(std::string_view accept_encoding) noexcept;

}  // namespace fanfare::http
