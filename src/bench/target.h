// BenchTarget: the server under load, and the app that the load uses.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

#include "net/socket_address.h"

namespace fanfare::bench {

struct BenchTarget {
  net::SocketAddress address{};
  std::string host_header{};  // "127.0.0.1:6001"
  std::string app_id{};
  std::string key{};
  std::string secret{};          // never print it
  std::vector<pid_t> pids{};     // of the server, on this machine; empty: not told, so that no CPU and RSS are reported
  bool answers_blindly = false;  // fanfare-floor: its handshake's answer is a canned one and is not checked
};

}  // namespace fanfare::bench
