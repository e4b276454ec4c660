#include "doctor/kernel_file.h"

#include <charconv>
#include <fstream>
#include <system_error>

#include "base/bytes.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {

namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    const std::size_t end = text.find_first_of(separators, begin);
    parts.push_back(text.substr(begin, end - begin));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end);
  }
}

}  // namespace

std::optional<std::string> read_text(const std::string& path) {
  // These files have no size to ask for: they are read until they end.
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMiB, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != 1) return std::nullopt;
  std::string_view word = words.front();
  if (word == "unlimited" || word == "max") return kUnlimited;
  const bool is_negative = word.starts_with('-');
  if (is_negative) word.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return is_negative ? kUnlimited : value;
}

std::optional<std::uint64_t> read_number(const std::string& path) {
  const std::optional<std::string> text = read_text(path);
  return text ? parse_number(*text) : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view text) { return split(text, " \t\n"); }
std::vector<std::string_view> lines_of(std::string_view text) { return split(text, "\n"); }

std::vector<std::string_view> words_behind(std::string_view text, std::string_view label) {
  for (const std::string_view line : lines_of(text)) {
    if (line.starts_with(label)) return words_of(line.substr(label.size()));
  }
  return {};
}

std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view label) {
  const std::vector<std::string_view> words = words_behind(text, label);
  return words.empty() ? std::nullopt : parse_number(words.front());
}

}  // namespace fanfare::doctor
