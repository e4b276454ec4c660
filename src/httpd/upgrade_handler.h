// UpgradeHandler: who takes a connection over that wants to become a WebSocket.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "http/request.h"
#include "net/stream.h"

namespace fanfare::httpd {

class UpgradeHandler {
 public:
  // A GET with "Upgrade: websocket", whatever its path (REF 1.2) and however its handshake looks; nothing was answered.
  // The handler owns the stream from here on, sets its own StreamHandler on it and treats `unread`, the bytes behind
  // the request, as the first that it reads. `request` and `unread` are valid during the call; 64 bytes behind `unread`
  // may be read. The stream must not be destroyed inside the call: EventLoop::defer().
  virtual void on_upgrade(const http::Request& request, std::unique_ptr<net::Stream> stream, MutableBytes unread) = 0;

 protected:
  ~UpgradeHandler() = default;
};

}  // namespace fanfare::httpd
