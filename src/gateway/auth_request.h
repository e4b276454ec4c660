// The body of the auth endpoints' requests. Source: REF 11.1
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::gateway {

struct AuthRequest {
  std::string socket_id;
  std::string channel_name;  // empty: there was none
};

// `content_type` application/json: an object; else a form. Further members are let be.
// Fails: kInvalid, when it is neither, when there is no socket_id, or it is not digits, a dot, digits. (A ':' in it
// would
//        make one signature pass for another. Source: REF 11.2)
Result<AuthRequest> parse_auth_request(std::string_view content_type, std::string_view body);

}  // namespace fanfare::gateway
