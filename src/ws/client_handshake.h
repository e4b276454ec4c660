// ClientHandshake: the client's side of the opening handshake (RFC 6455 section 4.1), for the command line, the load
// generator and tests. Pure: the caller sends the request and feeds back what arrives.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "ws/handshake.h"

namespace fanfare::ws {

struct ClientHandshakeRequest {
  std::string host{};                  // the Host header: "127.0.0.1:6001"
  std::string target{};                // "/app/key?protocol=7"
  std::string subprotocol{};           // offered when not empty
  std::string extensions{};            // offered when not empty: a Sec-WebSocket-Extensions
  std::vector<HeaderField> headers{};  // more of them, as they are; viewed during construction only
};

class ClientHandshake {
 public:
  // `nonce`: 16 unpredictable bytes.
  ClientHandshake(const ClientHandshakeRequest& request, const std::array<std::uint8_t, 16>& nonce);

  // The text to send.
  const std::string& request_text() const noexcept { return text_; }

  // Looks at all that was received so far. Returns the bytes that the response's head takes, behind which the frames
  // begin; 0: the head is not complete. Fails: when the server did not accept, or answered wrongly; the message says
  // how, with the status line.
  Result<std::size_t> check_response(std::string_view received) const;

 private:
  std::string text_;
  std::string expected_accept_;
  std::string subprotocol_;
  std::string extensions_;
};

}  // namespace fanfare::ws
