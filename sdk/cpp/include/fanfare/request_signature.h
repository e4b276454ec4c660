// The signature of an HTTP API request, for those who send it by other means than a Client.
// Source: Pusher Channels, "HTTP API reference", "Generating authentication signatures".
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fanfare/credentials.h"

namespace fanfare::sdk {

// Of a query: name and value each.
using Parameters = std::vector<std::pair<std::string, std::string>>;

// Views: only looked at during the call.
struct RequestToSign {
  std::string_view method{};  // upper case
  std::string_view path{};    // whole, "/apps/42/events", not percent-encoded
  std::string_view body{};    // the very bytes that are sent; empty: none
  Parameters parameters{};    // not percent-encoded
};

// The query of `request` with auth_key, auth_timestamp, auth_version, body_md5 (with a body) and auth_signature,
// percent-encoded, without the '?'. It is good for 600 s. Thread: any.
std::string signed_query(const Credentials& credentials, const RequestToSign& request,
                         std::chrono::system_clock::time_point now = std::chrono::system_clock::now());

}  // namespace fanfare::sdk
