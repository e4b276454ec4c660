// From a client's message to the handler of its event.
#pragma once

#include <string_view>

namespace fanfare::session {

class Session;

// Bad messages are answered with a non-fatal pusher:error. Source: REF 1.8
void dispatch_message(Session& session, std::string_view message);

}  // namespace fanfare::session
