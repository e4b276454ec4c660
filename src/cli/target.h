// Target: which server a command talks to, and as which app.
//
// Each part comes from its flag, else from PUSHER_HOST, PUSHER_PORT, PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET, else
// from the configuration: the file, or the app that `fanfare serve` made on this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/load.h"

namespace fanfare::cli {

struct Target {
  std::string host;
  std::uint16_t port = 0;
  std::string app_id;  // empty: not known, which listening can do without
  std::string key;
  std::string secret;  // empty: not known. Never print it.

  // "127.0.0.1:6001", "[::1]:6001"
  std::string address() const;
};

// What the flags said. Empty: not given.
struct TargetFlags {
  std::string host{};
  std::optional<std::uint16_t> port{};
  std::string app_id{};
  std::string key{};
  std::string secret{};
  std::string file{};  // --config
};

// A secret goes only with the key that it belongs to: --key alone takes the secret of that key in the configuration.
// Fails: kInvalid with what to do; the faults of the configuration where it is needed.
Result<Target> find_target(const TargetFlags& flags, const std::vector<config::NamedText>& environment);

// For commands that sign requests of the HTTP API.
Status check_can_sign(const Target& target);

// "nothing listens on 127.0.0.1:6001" and the like, with what to do about it.
std::string with_hint(const Error& error);

}  // namespace fanfare::cli
