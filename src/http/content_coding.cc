#include "http/content_coding.h"

#include <algorithm>
#include <optional>

#include "http/request.h"

namespace fanfare::http {

namespace {

std::string_view trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// Takes what is before the first `separator` off the front of `text`.
std::string_view take_member(std::string_view& text, char separator) noexcept {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view member = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(member);
}

// "q=0", "q=0.000": not acceptable. Anything else is.
bool is_refusal(std::string_view parameter) noexcept {
  const std::size_t equals = parameter.find('=');
  if (equals == std::string_view::npos || !equals_ignoring_case(trim(parameter.substr(0, equals)), "q")) return false;
  const std::string_view weight = trim(parameter.substr(equals + 1));
  return weight.starts_with('0') && weight.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  std::optional<bool> by_name;
  bool by_star = false;
  while (!accept_encoding.empty()) {
    std::string_view member = take_member(accept_encoding, ',');
    const std::string_view coding = take_member(member, ';');
    bool is_taken = true;
    while (!member.empty()) {
      if (is_refusal(take_member(member, ';'))) is_taken = false;
    }
    if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip")) by_name = is_taken;
    if (coding == "*") by_star = is_taken;
  }
  return by_name.value_or(by_star);
}

}  // namespace fanfare::http
