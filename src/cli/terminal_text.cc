#include "cli/terminal_text.h"

#include <cstddef>

#include <fmt/format.h>

#include "base/bytes.h"
#include "ws/utf8.h"

namespace fanfare::cli {

namespace {

void append_control(std::string& out, unsigned int code) {
  switch (code) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", code);
  }
}

// The bytes of the character that begins `text`, which is not empty; 0: it is not valid UTF-8.
std::size_t character_bytes(std::string_view text) noexcept {
  for (std::size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    if (ws::is_valid_utf8(as_bytes(text.substr(0, size)))) return size;
  }
  return 0;
}

}  // namespace

void append_printable(std::string& out, std::string_view text, LineBreaks line_breaks) {
  while (!text.empty()) {
    const std::size_t size = character_bytes(text);
    const auto first = static_cast<unsigned char>(text.front());
    const auto second = size == 2 ? static_cast<unsigned char>(text[1]) : static_cast<unsigned char>(0);
    if (size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", first);
    } else if (first == '\n' && line_breaks == LineBreaks::kKeep) {
      out += '\n';
    } else if (first < 0x20 || first == 0x7F) {
      append_control(out, first);
    } else if (first == 0xC2 && second < 0xA0) {
      append_control(out, second);
    } else {
      out += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

std::string printable(std::string_view text, LineBreaks line_breaks) {
  std::string out;
  append_printable(out, text, line_breaks);
  return out;
}

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  for (const char byte : text) columns += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1U : 0U;
  return columns;
}

}  // namespace fanfare::cli
