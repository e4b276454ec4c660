// What a SockJS client asks for before it connects. Source: REF 8.8
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fanfare::sockjs {

struct InfoFacts {
  bool has_websocket = false;  // whether <session>/websocket works
  std::uint32_t entropy = 0;   // any number: clients seed with it
  // Pusher's own addition: the client answers each heartbeat, and gives the connection up after two without one.
  std::chrono::milliseconds heartbeat_interval{25'000};
};

// The JSON of /info.
std::string info_json(const InfoFacts& facts);

}  // namespace fanfare::sockjs
