// What can be set about client connections; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace fanfare::session {

struct SessionOptions {
  // Sent to clients in connection_established, and after so long without a frame they are pinged. Source: REF 1.5, 2.3
  std::chrono::seconds activity_timeout{120};
  // How long after the ping the connection is closed with 4201.
  std::chrono::seconds pong_timeout{30};
  // Clients of protocol 4 cannot answer a ping: silent for so long, they are closed with 4202. Source: REF 2.3
  std::chrono::seconds inactivity_timeout{24 * 3600};
  // Authorized connections: the time to sign in or to subscribe with auth, else 4009. Source: REF 6.6
  std::chrono::seconds authorization_timeout{30};
  // One message of a client: above it 1009. Source: REF 1.9
  std::size_t message_bytes_max = 100UL * 1024;
  std::size_t message_fragments_max = 1024;
  // Client connections of this process; 0: as many as the file-descriptor limit allows. Above it: 4100.
  std::uint32_t connections_max = 0;
  // A path here echoes WebSocket messages back: for the Autobahn suite only, empty turns it off.
  std::string echo_path;
};

}  // namespace fanfare::session
