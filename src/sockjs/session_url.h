// The paths of the HTTP fallbacks, behind their prefix (pusher-js's httpPath, "/pusher").
//
//   /app/<key>/<server>/<session>/<endpoint>   pusher-js's own transports. Source: REF 8.2
//   /<server>/<session>/<endpoint>             SockJS: the client names its app in its first message. Source: REF 8.8
//   "" "/" /info /iframe.html /iframe-*.html   what a SockJS client asks for before it connects
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fanfare::sockjs {

enum class Resource : std::uint8_t { kUnknown, kGreeting, kInfo, kIframe, kSession };

enum class Endpoint : std::uint8_t {
  kXhr,           // long poll, lines
  kXhrStreaming,  // stream of lines
  kXhrSend,       // messages of the client
  kEventSource,   // stream of server-sent events
  kHtmlFile,      // stream of scripts, for a hidden frame
  kJsonp,         // long poll that is a script
  kJsonpSend,     // messages of the client, as a form may send them
  kWebSocket,
};

// Whether requests there wait for what the server has to say.
constexpr bool is_receiver(Endpoint endpoint) noexcept {
  return endpoint != Endpoint::kXhrSend && endpoint != Endpoint::kJsonpSend && endpoint != Endpoint::kWebSocket;
}
// A receiver that gets one answer and asks again, against one whose answer goes on.
constexpr bool is_poll(Endpoint endpoint) noexcept {
  return endpoint == Endpoint::kXhr || endpoint == Endpoint::kJsonp;
}

struct SessionUrl {
  Resource resource = Resource::kUnknown;
  Endpoint endpoint = Endpoint::kXhr;  // kSession only, like all that follows
  // "/app/<key>", percent-encoding and all; empty: SockJS's own form.
  std::string_view app_path;
  // All that names the session: "app/<key>/417/0q3v9dk1".
  std::string_view session;
};

// Longer names of sessions are of nobody's client.
inline constexpr std::size_t kSessionNameBytesMax = 512;

// `path` begins behind the prefix; it is empty or begins with '/'. Views are into it. Server and session are not empty
// and have no dot, which keeps SockJS's static paths apart.
SessionUrl parse_session_url(std::string_view path) noexcept;

}  // namespace fanfare::sockjs
