// What can be set about client connections; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fanfare::session {

// The HTTP fallbacks. What may wait for one client has the bounds of a WebSocket's send queue.
struct FallbackOptions {
  bool enabled = true;
  // Where they are: pusher-js's httpPath. Each begins with '/' and does not end with one.
  std::vector<std::string> paths{"/pusher"};
  // How long a session lives without a request that it could answer, and a closed one is remembered. Source: REF 8.7
  std::chrono::seconds disconnect{10};
  // Silence after which a heartbeat is sent. pusher-js wants one within 30 s. Source: REF 8.7
  std::chrono::seconds heartbeat{25};
  // After so much a stream of SockJS ends, and its client asks for the next one; pusher-js's own streams end when
  // pusher-js wants it. Source: REF 8.5, 8.8
  std::size_t stream_bytes_max = 128UL * 1024;
  // What a client may send while it does not read what waits for it: above it 4100.
  std::size_t held_bytes_max = 256UL * 1024;
  // Sessions of a loop that are not let in: SockJS's, before they say which app they want, and refused ones until they
  // know. Above it 503.
  std::uint32_t waiting_max = 1024;
  // Scripts that SockJS's frame page may load, or folders of them that end with '/'. Source: REF 8.8
  std::vector<std::string> sockjs_scripts;
};

// permessage-deflate (RFC 7692). Apps have a switch of their own beside it.
struct CompressionOptions {
  bool enabled = false;
  std::uint8_t level = 3;  // 1 (fast) to 9 (small); 6 takes more than twice as long for 10 kB, and saves 1 % more
  // Shorter messages stay plain.
  std::uint32_t message_bytes_min = 256;
  // Context takeover and windows, where the client wants it: see ws::DeflateOffer.
  bool server_context_takeover = false;
  bool client_context_takeover = false;
  std::uint8_t server_window_bits = 15;
  std::uint8_t client_window_bits = 15;
  // What a loop may spend on deflating, of its time; above it messages stay plain.
  std::uint32_t cpu_percent_max = 25;
  // A loop that was at work for more than this part of the last while leaves all messages plain.
  std::uint32_t busy_percent_max = 75;
};

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
  FallbackOptions fallback;
  CompressionOptions compression;
};

}  // namespace fanfare::session
