// X-Request-Id: what an answer, a log line and a report of a user have in common.
#pragma once

#include <string>
#include <string_view>

namespace fanfare::gateway {

// The one that came with the request, if it is 1 to 64 characters of A-Za-z0-9._-; else a new one.
std::string request_id_of(std::string_view given);

// Wire: {"error":{"code":"forbidden","message":"needs role teacher","request_id":"…"}}
std::string error_body(std::string_view code, std::string_view message, std::string_view request_id);

// "not_found" for 404: the code where the status says all.
std::string_view code_of_status(int status) noexcept;

}  // namespace fanfare::gateway
