#include "jwt/algorithm.h"

#include <array>

namespace fanfare::jwt {
namespace {

struct Row {
  std::string_view name;
  KeyKind kind;
};
// In the order of the enumerators.
constexpr std::array<Row, 5> kRows{{{"HS256", KeyKind::kSecret},
                                    {"HS384", KeyKind::kSecret},
                                    {"HS512", KeyKind::kSecret},
                                    {"RS256", KeyKind::kRsa},
                                    {"ES256", KeyKind::kEcP256}}};

}  // namespace

std::optional<Algorithm> algorithm_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].name == name) return static_cast<Algorithm>(i);
  }
  return std::nullopt;
}

std::string_view name_of(Algorithm algorithm) noexcept { return kRows[static_cast<std::size_t>(algorithm)].name; }

KeyKind kind_of(Algorithm algorithm) noexcept { return kRows[static_cast<std::size_t>(algorithm)].kind; }

}  // namespace fanfare::jwt
