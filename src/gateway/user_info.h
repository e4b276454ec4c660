// What others see of a user: the user_info of presence members and of sign-ins.
#pragma once

#include <cstddef>
#include <string>

#include "jwt/identity.h"

namespace fanfare::gateway {

// {"name":"Ida","role":"teacher","avatar":"https://…"}, without what is empty. Made by a writer that escapes, whatever
// the claims hold. Above `bytes_max` the avatar is left out, then the name is cut, between characters.
std::string user_info_of(const jwt::Identity& identity, std::size_t bytes_max);

}  // namespace fanfare::gateway
