// gzip (RFC 1952), for HTTP answers.
#pragma once

#include <string>
#include <string_view>

namespace fanfare::deflate {

// `text` as a gzip file. Holds nothing between two calls.
std::string gzip(std::string_view text, int level);

}  // namespace fanfare::deflate
