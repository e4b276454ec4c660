// Making tokens: for development and tests, under a shared secret.
#pragma once

#include <string>
#include <string_view>

namespace fanfare::jwt {

// An HS256 token of `claims`, a JSON object that is taken as it is.
std::string mint_hs256(std::string_view claims, std::string_view secret);

}  // namespace fanfare::jwt
