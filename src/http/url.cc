#include "http/url.h"

#include <algorithm>

namespace fanfare::http {

namespace {

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

}  // namespace

bool is_percent_free(std::string_view text, PlusSign plus) noexcept {
  return text.find('%') == std::string_view::npos &&
         (plus == PlusSign::kLiteral || text.find('+') == std::string_view::npos);
}

bool append_percent_decoded(std::string& out, std::string_view text, PlusSign plus) {
  const std::size_t before = out.size();
  out.reserve(before + text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusSign::kSpace) {
      out += ' ';
    } else if (text[i] != '%') {
      out += text[i];
    } else {
      const int high = text.size() - i > 2 ? hex_value(text[i + 1]) : -1;
      const int low = text.size() - i > 2 ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        out.resize(before);
        return false;
      }
      out += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return true;
}

std::optional<std::string> percent_decode(std::string_view text, PlusSign plus) {
  std::string decoded;
  if (!append_percent_decoded(decoded, text, plus)) return std::nullopt;
  return decoded;
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xFU];
  }
}

std::string percent_encode(std::string_view text) {
  std::string encoded;
  append_percent_encoded(encoded, text);
  return encoded;
}

std::optional<std::string_view> PathSegments::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  rest_.remove_prefix(1);
  const std::size_t end = std::min(rest_.find('/'), rest_.size());
  const std::string_view segment = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return segment;
}

}  // namespace fanfare::http
