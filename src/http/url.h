// Percent-encoding (RFC 3986 section 2.1) and the parts of a path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanfare::http {

// kSpace: as HTML forms write it. Which of the two a query's author meant cannot be seen in it.
enum class PlusSign : std::uint8_t { kLiteral, kSpace };

// Decodes once. Nothing when a '%' is not followed by two hexadecimal digits. The result may be any bytes.
std::optional<std::string> percent_decode(std::string_view text, PlusSign plus = PlusSign::kLiteral);
// The same, appended to `out`; false: `out` is as it was.
[[nodiscard]] bool append_percent_decoded(std::string& out, std::string_view text, PlusSign plus = PlusSign::kLiteral);
// Whether decoding would change nothing.
bool is_percent_free(std::string_view text, PlusSign plus = PlusSign::kLiteral) noexcept;

// Encodes all but letters, digits and -._~
std::string percent_encode(std::string_view text);
void append_percent_encoded(std::string& out, std::string_view text);

// The segments of "/apps/42/events": "apps", "42", "events". A trailing slash gives an empty last one; "/" gives one
// empty segment. Allocates nothing.
class PathSegments {
 public:
  // REQUIRES: `path` is empty or begins with '/'.
  explicit PathSegments(std::string_view path) noexcept : rest_(path) {}
  // The next one, raw; nothing behind the last.
  std::optional<std::string_view> next() noexcept;

 private:
  std::string_view rest_;
};

}  // namespace fanfare::http
