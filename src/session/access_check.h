// What an app's access rules say about one connection. All of it applies only to apps that go by such rules
// (core::App::access). Who the connection is, the application has signed: in its sign-in, or in a presence
// subscription.
//
// Source: docs/pusher_protocol.md, "Access rules"
#pragma once

#include <string>
#include <string_view>

#include "core/subscriber.h"

namespace fanfare::session {

class Session;

// user_info.role; empty: none. `user_info` is JSON or empty.
std::string role_in(std::string_view user_info);

// Whether a channel that clients need no auth for has to wait for, or to go by, the sign-in: a rule closes it to some.
bool has_subscribe_rule(const Session& session, std::string_view channel);

// Empty: the connection may. Else what is missing: "needs role admin".
std::string subscribe_refusal(const Session& session, std::string_view channel);
// For a subscribed private or presence channel.
std::string client_event_refusal(const Session& session, std::string_view channel,
                                 const core::Subscription& subscription);

}  // namespace fanfare::session
