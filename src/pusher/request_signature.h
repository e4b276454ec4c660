// The signature of an HTTP API request. Source: REF 9.2
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "pusher/app_keys.h"

namespace fanfare::pusher {

struct RequestToVerify {
  std::string_view method;  // upper case
  std::string_view path;    // as received, without the query
  std::string_view query;   // as received, without the `?`
  std::string_view body;
};

struct Signer {
  const AppKey* key;
  bool asks_for_more;  // the query has parameters that are not the signature's own: belongs_to_signature()
};

// Checks, in this order: auth_key, auth_version, auth_timestamp, auth_signature, body_md5. Gives the key that signed.
// Fails: kInvalid (400) for a key that is not one of `keys`, kUnauthorized (401) for the rest. The text begins as the
//        hosted service's does and goes on to say what was expected and found; never a secret. No line end.
Result<Signer> verify_request(const AppKeys& keys, const RequestToVerify& request, std::int64_t now_unix_s,
                              std::chrono::seconds skew_max = std::chrono::seconds{600});

// auth_key of `query`, for routes whose path does not name the app. Empty: absent.
std::optional<std::string> auth_key_of(std::string_view query);

struct RequestToSign {
  std::string_view method;                                          // upper case
  std::string_view path;                                            // not encoded
  std::span<const std::pair<std::string, std::string>> parameters;  // not encoded
  std::string_view body;                                            // empty: no body_md5 is sent
};

// The query for `request`, encoded, without the `?`: its parameters and all of auth_*.
std::string sign_request(const AppKey& key, const RequestToSign& request, std::int64_t now_unix_s);

}  // namespace fanfare::pusher
