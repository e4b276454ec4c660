// ClosingConnection: a client that was not let in: it is told why, then the connection ends.
//
// Thread: one loop.
#pragma once

#include <memory>

#include "net/stream.h"
#include "session/connection_list.h"

namespace fanfare::session {

class ClosingConnection final : public OwnedConnection, private net::StreamHandler {
 public:
  // What the client is to read is queued on `stream` already.
  ClosingConnection(ConnectionList& owner, std::unique_ptr<net::Stream> stream)
      : owner_(owner), stream_(std::move(stream)) {
    stream_->set_handler(*this);
    stream_->close_after_flush();
  }
  void drain() override {}

 private:
  void on_bytes(MutableBytes) override {}
  void on_closed(net::CloseReason) override { owner_.destroy_later(*this); }

  ConnectionList& owner_;
  std::unique_ptr<net::Stream> stream_;
};

}  // namespace fanfare::session
