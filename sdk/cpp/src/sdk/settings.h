// Settings: Options that have been checked, and what follows from them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanfare/encryption.h"
#include "fanfare/options.h"

namespace fanfare::sdk {

struct Settings {
  Options options;
  std::string base_url;     // "https://api-eu.pusher.com:443", no path
  std::string app_path;     // "/apps/42", not percent-encoded
  bool is_fanfare = false;  // an Idempotency-Key makes a publish safe to repeat
  std::optional<MasterKey> master_key;
};

// Fails: kInvalid, with every fault of `options`.
Result<Settings> check_options(Options options);

// Whether the host is of the hosted service: pusher.com, pusherapp.com or below them.
bool is_hosted_pusher(std::string_view host);

// `path` for a URL: everything but '/', letters, digits and what RFC 3986 allows in a segment as %XX.
void append_url_path(std::string& out, std::string_view path);

}  // namespace fanfare::sdk
