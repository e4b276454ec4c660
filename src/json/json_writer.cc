#include "json/json_writer.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace fanfare::json {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

constexpr bool needs_escape(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

constexpr std::array<bool, 256> kNeedsEscape = [] {
  std::array<bool, 256> needs{};
  for (std::size_t c = 0; c < needs.size(); ++c) needs[c] = needs_escape(static_cast<char>(c));
  return needs;
}();

// The letter of the short escape, or NUL if there is none.
constexpr char short_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

// `twice`: as it looks inside a JSON string that lies inside another one.
void append_escape(std::string& out, char c, bool twice) {
  const std::string_view backslash = twice ? R"(\\)" : R"(\)";
  out += backslash;
  const char letter = short_escape(c);
  if (letter == '\0') {
    out += "u00";
    out.push_back(kHexDigits[static_cast<unsigned char>(c) >> 4U]);
    out.push_back(kHexDigits[static_cast<unsigned char>(c) & 0x0FU]);
    return;
  }
  if (twice && (letter == '"' || letter == '\\')) out.push_back('\\');
  out.push_back(letter);
}

// Where the first character from `at` on is that needs an escape; the end if none does.
std::size_t find_escaped(std::string_view text, std::size_t at) noexcept {
  constexpr std::size_t kBlock = 16;
  const auto look_to = [&](std::size_t end) {
    while (at < end && !kNeedsEscape[static_cast<unsigned char>(text[at])]) ++at;
    return at < end;
  };
  // Where there was one there are more, so the first few are looked at one by one.
  if (look_to(std::min(at + kBlock, text.size()))) return at;
  // Then without a way out, so that the compiler makes vector code of it.
  for (; text.size() - at >= kBlock; at += kBlock) {
    unsigned char found = 0;
    for (std::size_t i = 0; i < kBlock; ++i) found |= static_cast<unsigned char>(needs_escape(text[at + i]));
    if (found != 0) break;
  }
  look_to(text.size());
  return at;
}

void append_runs(std::string& out, std::string_view text, bool twice) {
  std::size_t run = 0;
  for (std::size_t at = find_escaped(text, 0); at < text.size(); at = find_escaped(text, run)) {
    out.append(text, run, at - run);
    append_escape(out, text[at], twice);
    run = at + 1;
  }
  out.append(text, run);
}

template <typename T>
void append_number(std::string& out, T value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) { append_runs(out, text, false); }

void append_escaped_twice(std::string& out, std::string_view text) { append_runs(out, text, true); }

void append_string(std::string& out, std::string_view text) {
  out.push_back('"');
  append_escaped(out, text);
  out.push_back('"');
}

void append_unsigned(std::string& out, std::uint64_t value) { append_number(out, value); }
void append_signed(std::string& out, std::int64_t value) { append_number(out, value); }

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_.push_back(':');
  needs_comma_ = false;
  return *this;
}

Writer& Writer::string(std::string_view text) {
  separate();
  append_string(out_, text);
  needs_comma_ = true;
  return *this;
}

Writer& Writer::raw(std::string_view token) {
  separate();
  out_ += token;
  needs_comma_ = true;
  return *this;
}

Writer& Writer::open(char bracket) {
  separate();
  out_.push_back(bracket);
  needs_comma_ = false;
  return *this;
}

Writer& Writer::close(char bracket) {
  out_.push_back(bracket);
  needs_comma_ = true;
  return *this;
}

}  // namespace fanfare::json
