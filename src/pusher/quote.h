// Putting what a stranger sent into an error text without letting it grow the text at will.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fanfare::pusher {

// `text`, or its first `bytes_max` bytes, cut between characters, and "…".
std::string shortened(std::string_view text, std::size_t bytes_max = 256);

}  // namespace fanfare::pusher
