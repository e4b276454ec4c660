// Identity: who a token, or a session, says that the caller is.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "json/json_reader.h"
#include "jwt/options.h"
#include "jwt/token_error.h"

namespace fanfare::jwt {

struct Identity {
  std::string user_id{};  // a number is taken as its decimal text
  std::string role{};     // empty: none
  std::string name{};
  std::string avatar{};
  std::vector<std::string> classes{};
  std::vector<std::string> watchlist{};
  // Claims that were asked for by name, as texts.
  std::vector<std::pair<std::string, std::vector<std::string>>> extra{};
};

inline constexpr std::size_t kUserIdCharsMax = 128;
inline constexpr std::size_t kListEntriesMax = 1'000;

// From claims that the caller has parsed as an object. A text, an integer and (in lists) an array of these are read;
// `classes` may be a single one. `extra` names further claims to keep.
// Refuses: with kClaims, naming the claim: a user id that is missing, empty, longer than kUserIdCharsMax, or no text
//          or integer; a claim of another type; a list of more than kListEntriesMax.
std::variant<Identity, TokenError> read_identity(const json::Reader& claims, const ClaimNames& names,
                                                 const std::vector<std::string>& extra);

}  // namespace fanfare::jwt
