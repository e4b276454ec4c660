#include "pusher/socket_id.h"

#include <charconv>

namespace fanfare::pusher {
namespace {

bool is_digits(std::string_view text) noexcept {
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
  }
  return !text.empty();
}

std::optional<std::uint32_t> parse_number(std::string_view text) noexcept {
  if (!is_digits(text) || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace

SocketIdText::SocketIdText(SocketId id) noexcept {
  char* at = std::to_chars(text_.data(), text_.data() + text_.size(), id.a).ptr;
  *at++ = '.';
  at = std::to_chars(at, text_.data() + text_.size(), id.b).ptr;
  size_ = static_cast<std::uint8_t>(at - text_.data());
}

bool is_valid_socket_id(std::string_view text) noexcept {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && is_digits(text.substr(0, dot)) && is_digits(text.substr(dot + 1));
}

std::optional<SocketId> parse_socket_id(std::string_view text) noexcept {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto a = parse_number(text.substr(0, dot));
  const auto b = parse_number(text.substr(dot + 1));
  if (!a || !b) return std::nullopt;
  return SocketId{*a, *b};
}

}  // namespace fanfare::pusher
