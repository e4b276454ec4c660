#include "session/client_event_handler.h"

#include <array>
#include <string>

#include "core/hub_channel.h"
#include "core/publisher.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "session/access_check.h"
#include "session/session.h"

namespace fanfare::session {

namespace {

// Empty: the event may be sent. In REF 5's order, without the rate.
std::string broken_rule(const Session& session, const pusher::ClientEvent& event,
                        const core::Subscription* subscription) {
  const core::App& app = session.app();
  if (!app.switches.client_events) {
    return "To send client events, you must enable this feature in the Settings page of your dashboard.";
  }
  const pusher::ChannelTraits traits =
      subscription != nullptr ? subscription->channel->name()->traits() : pusher::channel_traits(event.channel);
  if (!traits.allows_client_events()) {
    return "Client event rejected - only supported on private and presence channels";
  }
  // One whose answer is pending counts: on its way home the event is behind the join.
  if (subscription == nullptr) {
    return "Cannot broadcast client event (connection not subscribed to channel " + std::string(event.channel) + ")";
  }
  if (const std::string missing = client_event_refusal(session, event.channel, *subscription); !missing.empty()) {
    return "Client event rejected - " + missing;
  }
  if (pusher::has_more_chars_than(event.event, app.limits.event_name_chars)) {
    return "Client event rejected - the event name has " + std::to_string(pusher::count_chars(event.event)) +
           " characters, at most " + std::to_string(app.limits.event_name_chars) + " are allowed";
  }
  if (app.limits.event_data_bytes != 0 && event.data.bytes() > app.limits.event_data_bytes) {
    return "Client event rejected - its data has " + std::to_string(event.data.bytes()) + " bytes, at most " +
           std::to_string(app.limits.event_data_bytes) + " are allowed";
  }
  return {};
}

}  // namespace

void handle_client_event(Session& session, const pusher::ClientEvent& event) {
  SessionContext& context = session.context();
  const core::ChannelView channel(session.app().index, event.channel);
  const core::Subscription* subscription = context.core.subscriptions().find(session, channel);
  const std::string refusal = broken_rule(session, event, subscription);
  if (!refusal.empty()) {
    context.stats.client_events_refused.add();
    return session.send_error(refusal);
  }
  if (!session.try_take_client_event()) {
    context.stats.client_events_refused.add();
    return session.send_error(pusher::ErrorCode::kClientEventRateLimit,
                              pusher::message_of(pusher::ErrorCode::kClientEventRateLimit));
  }
  thread_local std::string data_token;
  thread_local std::string user_id_token;
  data_token.clear();
  user_id_token.clear();
  pusher::append_data_token(data_token, event.data, session.app().switches.client_event_objects);
  if (subscription->member != nullptr) json::append_string(user_id_token, subscription->member->user_id());

  const std::array<core::OutgoingEvent, 1> outgoing{
      {{channel, {event.event_token, data_token, user_id_token}, session.ref()}}};
  const Status published = core::Publisher(context.core).publish(session.app(), outgoing, core::EventSource::kClient);
  if (!published.ok()) return session.send_error(published.error().message);
  context.stats.client_events.add();
}

}  // namespace fanfare::session
