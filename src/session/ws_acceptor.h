// WsAcceptor: takes over HTTP connections that ask for a WebSocket, and makes a session of each that may come in.
//
// Whatever is asked, the upgrade is completed first: clients understand close codes, not HTTP statuses. Only a request
// that is no WebSocket handshake at all is answered over HTTP. Source: REF 1.2
//
// Thread: one loop.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "httpd/upgrade_handler.h"
#include "session/connect_decision.h"
#include "session/connection_list.h"
#include "session/session.h"
#include "session/session_context.h"
#include "ws/handshake.h"

namespace fanfare::session {

class WsAcceptor final : public httpd::UpgradeHandler {
 public:
  // `context` and `connections` outlive the acceptor.
  WsAcceptor(SessionContext& context, ConnectionList& connections) : context_(context), connections_(connections) {}

  void on_upgrade(const http::Request& request, std::unique_ptr<net::Stream> stream, MutableBytes unread) override;

 private:
  // Gives `stream` the address of the client behind a trusted proxy. Returns whether the client speaks TLS, to us or to
  // that proxy.
  bool note_client(const http::Request& request, net::Stream& stream) const;
  void start_echo(std::unique_ptr<net::Stream> stream, const ws::UpgradeDecision& upgrade, std::string_view extensions,
                  MutableBytes unread);
  void refuse(const ConnectDecision& decision, std::unique_ptr<net::Stream> stream);

  SessionContext& context_;
  ConnectionList& connections_;
};

}  // namespace fanfare::session
