#include "ws/header_list.h"

#include <algorithm>
#include <cstddef>

namespace fanfare::ws {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

template <typename Predicate>
bool any_token(std::string_view list, Predicate predicate) noexcept {
  for (;;) {
    const std::size_t comma = list.find(',');
    if (predicate(trim(list.substr(0, comma)))) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool has_token(std::string_view list, std::string_view token) noexcept {
  return any_token(list, [token](std::string_view each) { return equals_ignoring_case(each, token); });
}

bool has_exact_token(std::string_view list, std::string_view token) noexcept {
  return any_token(list, [token](std::string_view each) { return each == token; });
}

}  // namespace fanfare::ws
