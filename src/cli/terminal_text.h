// Text of strangers on its way to a terminal: whatever could steer one (escape sequences, line breaks) is spelled out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fanfare::cli {

enum class LineBreaks : std::uint8_t { kSpellOut, kKeep };

// Appends `text` with control characters as \n, \t, \r or \u001b, C1 ones and bytes that are no UTF-8 included.
void append_printable(std::string& out, std::string_view text, LineBreaks line_breaks = LineBreaks::kSpellOut);
std::string printable(std::string_view text, LineBreaks line_breaks = LineBreaks::kSpellOut);

// Characters as a terminal counts them, nearly: code points.
std::size_t columns_of(std::string_view text) noexcept;

}  // namespace fanfare::cli
