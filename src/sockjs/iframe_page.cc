#include "sockjs/iframe_page.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace fanfare::sockjs {

namespace {

bool is_url_character(char c) noexcept {
  if (c <= ' ' || c > '~') return false;
  return c != '"' && c != '\'' && c != '<' && c != '>' && c != '\\' && c != '`' && c != '&';
}

bool is_absolute(std::string_view url) noexcept {
  if (url.starts_with("http://") || url.starts_with("https://")) return true;
  return url.starts_with('/') && !url.starts_with("//");  // "//host" is another host
}

}  // namespace

bool is_allowed_script(const std::vector<std::string>& allowed, std::string_view url) noexcept {
  if (!is_absolute(url) || !std::ranges::all_of(url, is_url_character)) return false;
  if (url.find("..") != std::string_view::npos || url.find('%') != std::string_view::npos) return false;
  return std::ranges::any_of(allowed, [&](const std::string& entry) {
    return !entry.empty() && (url == entry || (entry.ends_with('/') && url.starts_with(entry)));
  });
}

std::string iframe_page(std::string_view script_url) {
  std::string page =
      "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"UTF-8\">\n"
      "<script>_sockjs_onload = function () { SockJS.bootstrap_iframe(); };</script>\n<script src=\"";
  page += script_url;
  page += "\"></script>\n</head>\n<body></body>\n</html>\n";
  return page;
}

// FNV-1a: it only has to change when the page does.
std::string entity_tag_of(std::string_view page) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : page) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof(digits), hash, 16);
  return '"' + std::string(digits, end.ptr) + '"';
}

}  // namespace fanfare::sockjs
