// pusher:subscribe and pusher:unsubscribe. Source: REF 3
#pragma once

#include <string>
#include <vector>

#include "core/home.h"
#include "core/subscriber.h"
#include "pusher/inbound_event.h"

namespace fanfare::session {

class Session;

// Checks name, signature and presence data, in this order, then subscribes. Every refusal is a non-fatal pusher:error.
void handle_subscribe(Session& session, const pusher::SubscribeCommand& command);
// Subscribes to channels that were held for the sign-in, as far as the rules let the connection in by now, and refuses
// the others.
void settle_subscriptions(Session& session, const std::vector<std::string>& channels);
// Silent on success.
void handle_unsubscribe(Session& session, const pusher::UnsubscribeCommand& command);

// The home loop's answers. The success goes out before any event of the channel, then the cached event or
// pusher:cache_miss. Source: REF 3.5, 3.9
void announce_subscription(Session& session, const core::Subscription& subscription, const core::Admitted& admitted);
void announce_refusal(Session& session, const core::ChannelName& channel, const core::Refused& refused);

}  // namespace fanfare::session
