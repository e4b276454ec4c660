// What a person reads when the server has started: where it is, the credentials, and snippets to paste.
#pragma once

#include <cstdint>
#include <string>

#include "config/load.h"

namespace fanfare::server {

struct BannerFacts {
  std::string host;  // as one reaches it from this machine
  std::uint16_t port = 0;
  std::string metrics_address;  // host:port; empty: off
  std::string tls_address;      // host:port; empty: off
  std::string gateway_address;  // host:port; empty: there is none in this server
  std::uint64_t connections_max = 0;
  std::int64_t now_unix_s = 0;  // the curl line is signed for this moment
};

// Shows the secret of the app only if the server made it itself; secrets from a file or the environment stay there.
std::string banner(const config::Loaded& loaded, const BannerFacts& facts);

}  // namespace fanfare::server
