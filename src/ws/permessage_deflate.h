// permessage-deflate: what server and client agree on about compression. Source: RFC 7692 section 7.1
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fanfare::ws {

// What the server is willing to do.
struct DeflateOffer {
  // Whether messages may refer to earlier ones: "context takeover". Ours costs a deflating for each connection instead
  // of one for all; both cost memory for each connection, of one window.
  bool server_takes_over = false;
  bool client_takes_over = false;
  // At most 15. Ours is at least 9, which is the least that zlib deflates with.
  std::uint8_t server_window_bits = 15;
  std::uint8_t client_window_bits = 15;
};

// What holds for a connection.
struct DeflateAgreement {
  bool server_takes_over = false;
  bool client_takes_over = false;
  std::uint8_t server_window_bits = 15;  // 8 to 15: how far back our matches may lie
  std::uint8_t client_window_bits = 15;  // 8 to 15: how far back the client's may lie in earlier messages

  bool operator==(const DeflateAgreement&) const = default;
};

struct DeflateResponse {
  DeflateAgreement agreement;
  std::string extension;  // our Sec-WebSocket-Extensions
};

// Takes the first offer in `extensions`, a Sec-WebSocket-Extensions of a client, that can be fulfilled. Offers with
// parameters that RFC 7692 does not know, that come twice or have no valid value are declined one by one. Nothing: all
// were, or the value is not what RFC 6455 section 9.1 allows.
std::optional<DeflateResponse> agree_on_deflate(std::string_view extensions, const DeflateOffer& offer);

}  // namespace fanfare::ws
