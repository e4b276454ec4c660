#include "session/subscribe_handler.h"

#include <string>

#include "base/scratch.h"
#include "core/hub_channel.h"
#include "core/member.h"
#include "pusher/channel_auth.h"
#include "pusher/channel_name.h"
#include "pusher/outbound_event.h"
#include "pusher/presence_data.h"
#include "session/access_check.h"
#include "session/session.h"

namespace fanfare::session {

namespace {

constexpr int kBadRequest = 400;
constexpr int kNotAuthorized = 401;
constexpr int kForbidden = 403;

core::LocalSubscriptions& subscriptions_of(Session& session) { return session.context().core.subscriptions(); }

void send_subscription_error(Session& session, std::string_view channel, std::string_view message, int status) {
  std::string& text = scratch();
  pusher::append_subscription_error(text, channel, message, status);
  session.send_text(text);
}

// pusher:error always; the event that Laravel Echo's .error() waits for where the app wants it. Source: REF 3.8
void refuse(Session& session, std::string_view channel, std::string_view message, int status) {
  session.send_error(message);
  if (session.app().switches.subscription_error_events) send_subscription_error(session, channel, message, status);
}

// An access rule says no: both events, whatever the app's switch says, since no auth request of the client could fail
// before.
void refuse_access(Session& session, std::string_view channel, std::string_view missing) {
  std::string message = "Not authorized to subscribe to " + std::string(channel) + ": " + std::string(missing);
  if (session.user() == nullptr) message += "; sign in first";
  session.send_error(message);
  send_subscription_error(session, channel, message, kForbidden);
}

void send_succeeded(Session& session, std::string_view channel) {
  std::string& text = scratch();
  pusher::append_subscription_succeeded(text, channel);
  session.send_text(text);
}

// Sign-in has joined the user's channel already; subscribing only makes it known to the client. Source: REF 3.7
void subscribe_to_own_channel(Session& session, std::string_view channel) {
  const std::string_view owner = pusher::server_to_user_id(channel);
  core::Subscription* subscription =
      session.user_id() == owner
          ? subscriptions_of(session).find(session, core::ChannelView(session.app().index, channel))
          : nullptr;
  if (subscription == nullptr) {
    return refuse(session, channel,
                  "Not authorized to subscribe to " + std::string(channel) + ": sign in as its user first", kForbidden);
  }
  if (!subscription->hidden) {
    return refuse(session, channel, "Existing subscription to channel " + std::string(channel), kBadRequest);
  }
  subscription->hidden = false;
  if (subscription->is_active()) send_succeeded(session, channel);
}

// The member that the subscription stands for: of channel_data, else of the signed-in user. Source: REF 3.6
Result<core::MemberRef> make_member(Session& session, const pusher::SubscribeCommand& command) {
  pusher::PresenceData data;
  if (command.channel_data.has_value()) {
    const core::AppLimits& limits = session.app().limits;
    Result<pusher::PresenceData> parsed = pusher::parse_presence_data(
        *command.channel_data, {limits.presence_user_id_chars, limits.presence_user_info_bytes});
    if (!parsed.ok()) return std::move(parsed).error();
    data = *std::move(parsed);
  } else if (const UserState* user = session.user()) {
    data = {user->id, user->user_info};
  } else {
    return invalid("Invalid channel_data: must be valid JSON with a user_id (or sign in before subscribing)");
  }
  const std::string role = session.app().access == nullptr ? std::string() : role_in(data.user_info);
  return core::Member::make(data.user_id, data.user_info, role);
}

void start_subscription(Session& session, const std::string& channel, core::MemberRef member) {
  const core::App& app = session.app();
  switch (subscriptions_of(session).subscribe(session, session.app_ref(), core::ChannelView(app.index, channel),
                                              std::move(member))) {
    case core::SubscribeOutcome::kStarted:
      break;
    case core::SubscribeOutcome::kAlreadySubscribed:
      return refuse(session, channel, "Existing subscription to channel " + channel, kBadRequest);
    case core::SubscribeOutcome::kTooMany:
      return refuse(session, channel,
                    "Too many subscriptions on this connection: at most " +
                        std::to_string(app.limits.subscriptions_per_connection),
                    kForbidden);
  }
}

// Who has not signed in may be about to: what a role could open waits for it.
void subscribe_by_rule(Session& session, const std::string& channel) {
  if (session.user() != nullptr || session.app().access_hold == std::chrono::seconds{0}) {
    return settle_subscriptions(session, {channel});
  }
  const bool is_subscribed =
      subscriptions_of(session).find(session, core::ChannelView(session.app().index, channel)) != nullptr;
  const HeldSubscriptions::Outcome outcome =
      is_subscribed ? HeldSubscriptions::Outcome::kAlreadyHeld : session.hold_subscription(channel);
  if (outcome == HeldSubscriptions::Outcome::kAlreadyHeld) {
    return refuse(session, channel, "Existing subscription to channel " + channel, kBadRequest);
  }
  if (outcome == HeldSubscriptions::Outcome::kTooMany) {
    return refuse(session, channel,
                  "Too many subscriptions wait for the sign-in of this connection: at most " +
                      std::to_string(HeldSubscriptions::kMax),
                  kForbidden);
  }
}

}  // namespace

void handle_subscribe(Session& session, const pusher::SubscribeCommand& command) {
  const core::App& app = session.app();
  const Result<pusher::ChannelTraits> traits =
      pusher::parse_channel_name(command.channel, app.limits.channel_name_chars);
  if (!traits.ok()) return refuse(session, command.channel, traits.error().message, kBadRequest);
  if (traits->kind == pusher::ChannelKind::kServerToUser) return subscribe_to_own_channel(session, command.channel);

  if (traits->needs_auth()) {
    const pusher::SocketIdText socket_id(session.ref().socket_id());
    const auto signer = pusher::verify_channel_auth(app.keys, socket_id.view(), command);
    if (!signer.ok()) return refuse(session, command.channel, signer.error().message, kNotAuthorized);
    if (session.is_kicked_from(command.channel)) {
      return refuse(
          session, command.channel,
          "Removed from channel " + std::string(command.channel) + " by the application: this auth is refused",
          kForbidden);
    }
  }
  core::MemberRef member;
  if (traits->has_members()) {
    Result<core::MemberRef> made = make_member(session, command);
    if (!made.ok()) return refuse(session, command.channel, made.error().message, kBadRequest);
    member = *std::move(made);
  }
  const std::string channel(command.channel);  // the command's views end with the next message decoded
  if (!traits->needs_auth() && has_subscribe_rule(session, channel)) return subscribe_by_rule(session, channel);
  start_subscription(session, channel, std::move(member));
}

void settle_subscriptions(Session& session, const std::vector<std::string>& channels) {
  for (const std::string& channel : channels) {
    const std::string missing = subscribe_refusal(session, channel);
    if (missing.empty()) {
      start_subscription(session, channel, nullptr);
    } else {
      refuse_access(session, channel, missing);
    }
  }
}

void handle_unsubscribe(Session& session, const pusher::UnsubscribeCommand& command) {
  if (session.drop_held_subscription(command.channel)) return;
  core::LocalSubscriptions& subscriptions = subscriptions_of(session);
  const core::ChannelView channel(session.app().index, command.channel);
  core::Subscription* subscription = subscriptions.find(session, channel);
  if (subscription == nullptr || subscription->hidden) {
    return session.send_error("No current subscription to channel " + std::string(command.channel) +
                              ", or subscription in progress");
  }
  if (subscription->channel->name()->is_user_channel()) {
    subscription->hidden = true;  // the user stays signed in
    return;
  }
  if (!subscription->is_active()) {
    // The home loop's answer is on its way. Only a presence channel may still refuse, and only it knows its members; of
    // every other the success can be told now, since each accepted subscribe is owed one. Source: REF 3.5, 3.10
    if (subscription->member != nullptr) {
      return session.send_error("No current subscription to channel " + std::string(command.channel) +
                                ", or subscription in progress");
    }
    send_succeeded(session, command.channel);
  }
  (void)subscriptions.unsubscribe(session, channel);
}

void announce_subscription(Session& session, const core::Subscription& subscription, const core::Admitted& admitted) {
  const core::ChannelName& channel = *admitted.channel;
  if (subscription.hidden) return;
  if (admitted.roster_frame.chunk) {
    session.deliver(core::Delivery(LocalSlice(admitted.roster_frame)), core::FrameClass::kProtocol);
  } else {
    send_succeeded(session, channel.text());
  }
  if (admitted.cache == core::CacheAnswer::kHit) {
    session.deliver(core::Delivery(LocalSlice(admitted.cached_frame)), core::FrameClass::kEvent);
  } else if (admitted.cache == core::CacheAnswer::kMiss) {
    std::string& text = scratch();
    pusher::append_cache_miss(text, channel.text());
    session.send_text(text);
  }
  if (channel.traits().needs_auth()) session.on_authorized();
}

void announce_refusal(Session& session, const core::ChannelName& channel, const core::Refused& refused) {
  switch (refused.reason) {
    case core::RefusalReason::kPresenceFull:
      return refuse(session, channel.text(),
                    "Maximum members per presence channel limit reached (" + std::to_string(refused.limit) + ")",
                    kForbidden);
  }
}

}  // namespace fanfare::session
