// How a client is let in, whatever carries its session.
//
// Thread: the loop of the context.
#pragma once

#include <string>

#include "http/request.h"
#include "net/socket_address.h"
#include "net/stream.h"
#include "session/connect_decision.h"
#include "session/session.h"
#include "session/session_context.h"

namespace fanfare::session {

// Who a request comes from, and whether the client speaks TLS, to us or to a proxy that is trusted.
struct ClientFacts {
  net::SocketAddress address;
  bool is_tls = false;
};
// `peer` and `security` are those of the connection.
ClientFacts client_facts(const SessionContext& context, const http::Request& request, const net::SocketAddress& peer,
                         net::Security security);

ServerState server_state(const SessionContext& context);
// Takes the places in the quotas that a welcome client needs. Gives the admission, or the refusal in `decision`.
Admission admit(SessionContext& context, ConnectDecision& decision, const std::string& peer_address);
// Counts a refusal, and warns of it once in a while. REQUIRES: !decision.is_welcome().
void note_refusal(SessionContext& context, const ConnectDecision& decision, const std::string& peer_address);

}  // namespace fanfare::session
