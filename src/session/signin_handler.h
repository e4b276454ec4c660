// pusher:signin and the watchlist that comes with it. Source: REF 6.1 to 6.3, 6.7
#pragma once

#include "core/home.h"
#include "pusher/inbound_event.h"

namespace fanfare::session {

class Session;
struct UserState;

// Answers signin_success, or a non-fatal pusher:error; a connection keeps its first identity.
void handle_signin(Session& session, const pusher::SigninCommand& command);

// A watched user's state: the first answers are gathered into one message, changes go out as they come.
void announce_watched(Session& session, UserState& user, const core::WatchNotice& notice);
// Before the session ends, or gets another watchlist.
void stop_watching(Session& session, UserState& user);

}  // namespace fanfare::session
