// How a client is let in, whatever carries its session.
//
// Thread: the loop of the context.
#pragma once

#include <string>

#include "session/connect_decision.h"
#include "session/session.h"
#include "session/session_context.h"

namespace fanfare::session {

ServerState server_state(const SessionContext& context);
// Takes the places in the quotas that a welcome client needs. Gives the admission, or the refusal in `decision`.
Admission admit(SessionContext& context, ConnectDecision& decision, const std::string& peer_address);
// Counts a refusal, and warns of it once in a while. REQUIRES: !decision.is_welcome().
void note_refusal(SessionContext& context, const ConnectDecision& decision);

}  // namespace fanfare::session
