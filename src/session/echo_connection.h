// EchoConnection: sends every WebSocket message back, for the Autobahn suite (SessionOptions::echo_path). It uses the
// same codec and stream as a real session, and deflates whatever becomes smaller.
//
// Thread: one loop.
#pragma once

#include <memory>
#include <optional>

#include "net/stream.h"
#include "session/connection_list.h"
#include "session/session_context.h"
#include "ws/message_assembler.h"
#include "ws/permessage_deflate.h"

namespace fanfare::session {

class EchoConnection final : public OwnedConnection, private net::StreamHandler, private ws::MessageHandler {
 public:
  // `agreement`: on permessage-deflate.
  EchoConnection(ConnectionList& owner, std::unique_ptr<net::Stream> stream, Compression& compression,
                 const std::optional<ws::DeflateAgreement>& agreement);
  ~EchoConnection() override;
  void start(MutableBytes unread);
  void drain() override;

 private:
  void on_bytes(MutableBytes bytes) override;
  void on_closed(net::CloseReason reason) override;
  bool on_message(const ws::Message& message) override;
  bool on_ping(ByteView payload) override;
  bool on_pong(ByteView payload) override;
  void on_close(ws::CloseCode code, std::string_view reason) override;
  void on_protocol_error(ws::CloseCode code, std::string_view reason) override;
  deflate::MessageInflater* inflater() noexcept override;

  struct Deflating;

  ConnectionList& owner_;
  std::unique_ptr<net::Stream> stream_;
  ws::MessageAssembler assembler_;
  std::unique_ptr<Deflating> deflating_;  // null: plain
};

}  // namespace fanfare::session
