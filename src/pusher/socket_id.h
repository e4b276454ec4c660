// Socket ids: "123.456", the name of a connection on the wire. Source: REF 1.5
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanfare::pusher {

// The ids that we give out: two numbers of at most ten digits, without leading zeros.
struct SocketId {
  std::uint32_t a = 0;
  std::uint32_t b = 0;

  friend constexpr bool operator==(SocketId, SocketId) = default;
};

// "a.b" in a buffer of its own, for the many places that want to see it without an allocation.
class SocketIdText {
 public:
  explicit SocketIdText(SocketId id) noexcept;
  std::string_view view() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 21> text_;
  std::uint8_t size_ = 0;
};

inline std::string to_string(SocketId id) { return std::string(SocketIdText(id).view()); }

// \A\d+\.\d+\z, as every server SDK checks.
bool is_valid_socket_id(std::string_view text) noexcept;

// The id that `text` spells, exactly as to_string() would. Empty for the rest: what is_valid_socket_id() accepts beyond
// that (too large, leading zeros) is valid, and nobody's.
std::optional<SocketId> parse_socket_id(std::string_view text) noexcept;

}  // namespace fanfare::pusher
