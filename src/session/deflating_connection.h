// DeflatingConnection: a WsConnection that agreed on permessage-deflate. It is a class of its own so that the others
// pay nothing for it, neither a byte nor a branch.
//
// Without a context of the server's, what goes to many is deflated once for all of a loop and shared; with one, each
// connection deflates for itself.
//
// Thread: one loop.
// Memory: nothing while idle but for the contexts that were agreed on, one window each; the server's is given back by a
//         connection that is sent nothing between two pings.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "deflate/history.h"
#include "deflate/inflater.h"
#include "session/ws_connection.h"
#include "ws/permessage_deflate.h"

namespace fanfare::session {

class DeflatingConnection final : public WsConnection {
 public:
  DeflatingConnection(SessionContext& context, ConnectionList& owner, std::unique_ptr<net::Stream> stream,
                      Admission admission, const ws::DeflateAgreement& agreement);
  ~DeflatingConnection() override;

 private:
  void send(const core::Delivery& delivery, core::FrameClass frame_class) override;
  void send_text(std::string_view payload) override;
  void probe() override;
  deflate::MessageInflater* inflater() noexcept override { return &inflater_; }

  Compression& compression_;
  deflate::MessageInflater inflater_;
  std::unique_ptr<deflate::History> sent_;  // null: the server keeps no context
  std::uint8_t window_bits_;
  bool has_sent_ = false;  // since the last ping
};

}  // namespace fanfare::session
