// Transport: what carries a session: a WebSocket, or the requests of an HTTP fallback.
//
// Thread: the session's loop.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/delivery.h"
#include "core/subscriber.h"

namespace fanfare::session {

class Transport {
 public:
  Transport() = default;
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  // Queues messages for the end of the turn. After end() they are ignored.
  virtual void send(const core::Delivery& delivery, core::FrameClass frame_class) = 0;
  // One text message for this connection only.
  virtual void send_text(std::string_view payload) = 0;
  // Asks the peer for a sign of life that every client gives by itself (a WebSocket ping). Source: REF 2.1
  virtual void probe() = 0;
  // Whether the client is not read because it does not read: then silence says nothing about it.
  virtual bool is_paused() const noexcept = 0;
  // Without the port, as limits by address count it.
  virtual std::string peer_address() const = 0;
  // Sends what is queued, then a close with code and reason, and ends. The session is destroyed at the end of the turn
  // or later; it gets no further calls of the transport.
  virtual void end(std::uint16_t close_code, std::string_view reason) = 0;

 protected:
  ~Transport() = default;
};

}  // namespace fanfare::session
