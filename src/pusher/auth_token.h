// "<key>:<signature>": what a client got from its application's auth endpoint.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pusher/app_keys.h"

namespace fanfare::pusher {

// Whether `auth` carries the HMAC of an enabled key over the concatenation of `parts`. Gives that key.
// Fails: kInvalid for the form, kUnauthorized for key and signature, with the hosted service's texts. Source: REF 1.8
Result<const AppKey*> verify_auth_token(const AppKeys& keys, std::string_view auth,
                                        std::initializer_list<std::string_view> parts);

std::string make_auth_token(const AppKey& key, std::initializer_list<std::string_view> parts);

}  // namespace fanfare::pusher
