#include "base/log_line.h"

#include <cctype>
#include <cstddef>
#include <cstdint>

namespace fanfare {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

// Backslash, quote and control characters escaped; `\u00XX` is what JSON knows, and text lines use it too.
void append_escaped(std::string& line, char c) {
  switch (c) {
    case '"':
      line += "\\\"";
      return;
    case '\\':
      line += "\\\\";
      return;
    case '\n':
      line += "\\n";
      return;
    case '\r':
      line += "\\r";
      return;
    case '\t':
      line += "\\t";
      return;
    default:
      break;
  }
  if (!is_control(c)) {
    line.push_back(c);
    return;
  }
  line += "\\u00";
  line.push_back(kHexDigits[static_cast<unsigned char>(c) >> 4U]);
  line.push_back(kHexDigits[static_cast<unsigned char>(c) & 0xFU]);
}

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c == ' ' || c == '"' || c == '=' || c == '\\' || is_control(c)) return true;
  }
  return false;
}

// Bytes of the well-formed UTF-8 sequence at the front of `text` (RFC 3629 section 4); 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const std::uint8_t second = byte(1);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || out_of_range ? 0 : length;
}

void append_json_string(std::string& line, std::string_view text) {
  line.push_back('"');
  while (!text.empty()) {
    const std::size_t length = utf8_sequence_length(text);
    if (length == 0) {
      line += kReplacement;
    } else if (length == 1) {
      append_escaped(line, text.front());
    } else {
      line += text.substr(0, length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  line.push_back('"');
}

// "nan" and "inf" are numbers to us and not to JSON.
bool is_json_number(const LogField& field) {
  return field.is_number() && std::isdigit(static_cast<unsigned char>(field.text().back())) != 0;
}

}  // namespace

std::string text_log_line(std::string_view module, std::string_view message, std::initializer_list<LogField> fields) {
  std::string line(module);
  line += ": ";
  for (const char c : message) {
    if (is_control(c)) {
      append_escaped(line, c);
    } else {
      line.push_back(c);
    }
  }
  for (const LogField& field : fields) {
    line.push_back(' ');
    line += field.key();
    line.push_back('=');
    if (!needs_quotes(field.text())) {
      line += field.text();
      continue;
    }
    line.push_back('"');
    for (const char c : field.text()) append_escaped(line, c);
    line.push_back('"');
  }
  return line;
}

std::string json_log_members(std::string_view module, std::string_view message,
                             std::initializer_list<LogField> fields) {
  std::string line = "\"module\":";
  append_json_string(line, module);
  line += ",\"message\":";
  append_json_string(line, message);
  for (const LogField& field : fields) {
    line.push_back(',');
    append_json_string(line, field.key());
    line.push_back(':');
    if (is_json_number(field)) {
      line += field.text();
    } else {
      append_json_string(line, field.text());
    }
  }
  return line;
}

}  // namespace fanfare
