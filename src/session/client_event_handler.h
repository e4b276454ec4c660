// Events that a client sends to the other subscribers of a channel. Source: REF 5
#pragma once

#include "pusher/inbound_event.h"

namespace fanfare::session {

class Session;

// Each broken rule is answered with a non-fatal pusher:error; beyond the rate the code is 4301 and the event is
// dropped.
void handle_client_event(Session& session, const pusher::ClientEvent& event);

}  // namespace fanfare::session
