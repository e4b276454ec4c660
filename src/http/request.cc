#include "http/request.h"

#include <algorithm>

namespace fanfare::http {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

std::string_view trim(std::string_view text) noexcept {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool list_has_token(std::string_view list, std::string_view token) noexcept {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (equals_ignoring_case(trim(list.substr(0, comma)), token)) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

}  // namespace

bool equal_folded(const char* a, const char* b, std::size_t size) noexcept {
  return std::equal(a, a + size, b, [](char x, char y) { return x == y || lower(x) == lower(y); });
}

std::string_view Request::header(std::string_view name) const noexcept {
  for (const HeaderField& field : headers) {
    if (equals_ignoring_case(field.name, name)) return field.value;
  }
  return {};
}

bool Request::has_header(std::string_view name) const noexcept {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const HeaderField& field) { return equals_ignoring_case(field.name, name); });
}

std::string Request::joined_header(std::string_view name) const {
  std::string joined;
  bool is_first = true;
  for (const HeaderField& field : headers) {
    if (!equals_ignoring_case(field.name, name)) continue;
    if (!is_first) joined += ", ";
    is_first = false;
    joined += field.value;
  }
  return joined;
}

bool Request::header_has_token(std::string_view name, std::string_view token) const noexcept {
  return std::any_of(headers.begin(), headers.end(), [&](const HeaderField& field) {
    return equals_ignoring_case(field.name, name) && list_has_token(field.value, token);
  });
}

bool Request::wants_websocket() const noexcept {
  return method == Method::kGet && header_has_token("Upgrade", "websocket");
}

std::string request_text(const Request& request) {
  std::string text(request.method_text);
  text.append(" ").append(request.target).append(" HTTP/1.").append(std::to_string(request.version_minor));
  text += "\r\n";
  for (const HeaderField& field : request.headers) {
    const bool is_framing = equals_ignoring_case(field.name, "Content-Length") ||
                            equals_ignoring_case(field.name, "Transfer-Encoding") ||
                            equals_ignoring_case(field.name, "Expect");
    if (!is_framing) text.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (!request.body.empty()) text.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  return text.append("\r\n").append(as_text(request.body));
}

}  // namespace fanfare::http
