#include "session/session.h"

#include <algorithm>

#include "base/scratch.h"
#include "pusher/outbound_event.h"
#include "session/event_dispatch.h"
#include "session/signin_handler.h"
#include "session/subscribe_handler.h"

namespace fanfare::session {

namespace {

constexpr std::size_t kKickedChannelsMax = 32;

const std::string kNobody;

}  // namespace

Session::Session(SessionContext& context, Transport& transport, Admission admission)
    : context_(context),
      transport_(transport),
      app_(std::move(admission.app)),
      ticket_(std::move(admission.ticket)),
      quiet_since_(context.loop.now()),
      answers_pings_(admission.protocol >= 5) {
  context_.core.connections().add(*this);
  context_.stats.connections.add(1);
  context_.shared.connections.fetch_add(1, std::memory_order_relaxed);
  context_.stats.established.add();
  std::string& text = scratch();
  pusher::append_connection_established(text, ref().socket_id(),
                                        static_cast<std::uint32_t>(context_.options.activity_timeout.count()));
  transport_.send_text(text);
  if (must_be_authorized()) extras().authorize_by = quiet_since_ + context_.options.authorization_timeout;
  arm_deadline(quiet_since_);
  context_.liveness.wake();
}

Session::~Session() {
  if (UserState* const state = user()) stop_watching(*this, *state);
  context_.core.remove(*this);
  ticket_ = core::ConnectionTicket();  // whoever sees one connection less finds the place free
  context_.stats.connections.add(-1);
  context_.shared.connections.fetch_sub(1, std::memory_order_relaxed);
}

void Session::on_message(std::string_view message) {
  if (closing_) return;
  context_.stats.messages_in.add();
  context_.stats.message_bytes_in.add(message.size());
  dispatch_message(*this, message);
}

void Session::close(std::uint16_t code, std::string_view reason) {
  if (closing_) return;
  closing_ = true;
  if (extras_ != nullptr) extras_->deadline.reset();
  context_.stats.closed.add(code);
  transport_.end(code, reason);
}

void Session::on_app_changed(core::AppRef app) {
  if (app == nullptr) return close(pusher::ErrorCode::kUnknownApp);
  app_ = std::move(app);
  if (!app_->switches.enabled) return close(pusher::ErrorCode::kAppDisabled);
  if (app_->access == nullptr) settle_subscriptions(*this, take_held_subscriptions());
}

Session::Extras& Session::extras() {
  if (extras_ == nullptr) extras_ = std::make_unique<Extras>();
  return *extras_;
}

UserState& Session::make_user(std::string id) {
  std::unique_ptr<UserState>& user = extras().user;
  user = std::make_unique<UserState>();
  user->id = std::move(id);
  return *user;
}

bool Session::try_take_client_event() {
  const std::uint32_t per_second = app_->limits.client_events_per_second;
  return per_second == 0 || extras().client_events.try_take(per_second, context_.loop.now());
}

void Session::send_error(std::string_view message) {
  context_.stats.error_events_null.add();
  std::string& text = scratch();
  pusher::append_error(text, std::nullopt, message);
  transport_.send_text(text);
}

void Session::send_error(pusher::ErrorCode code, std::string_view message) {
  context_.stats.error_events.add(pusher::number_of(code));
  std::string& text = scratch();
  pusher::append_error(text, code, message);
  transport_.send_text(text);
}

void Session::on_authorized() {
  if (authorized_) return;
  authorized_ = true;
  if (ticket_.counts_for_app() || closing_) return;
  if (!context_.quota.add_app(*app_, ticket_)) close(pusher::ErrorCode::kOverConnectionQuota);
}

HeldSubscriptions::Outcome Session::hold_subscription(std::string_view channel) {
  const MonotonicTime now = context_.loop.now();
  const HeldSubscriptions::Outcome outcome = extras().held.hold(channel, now + app_->access_hold);
  arm_deadline(now);
  return outcome;
}

bool Session::drop_held_subscription(std::string_view channel) {
  return extras_ != nullptr && extras_->held.drop(channel);
}

std::vector<std::string> Session::take_held_subscriptions() {
  return extras_ == nullptr ? std::vector<std::string>{} : extras_->held.take_all();
}

bool Session::is_kicked_from(std::string_view channel) const {
  if (extras_ == nullptr) return false;
  const MonotonicTime now = context_.loop.now();
  return std::any_of(extras_->kicked.begin(), extras_->kicked.end(),
                     [&](const Kicked& entry) { return entry.channel == channel && entry.until > now; });
}

void Session::deliver(const core::Delivery& delivery, core::FrameClass frame_class) {
  transport_.send(delivery, frame_class);
}

void Session::on_admitted(core::Subscription& subscription, const core::Admitted& admitted) {
  announce_subscription(*this, subscription, admitted);
}

void Session::on_refused(const core::ChannelName& channel, const core::Refused& refused) {
  announce_refusal(*this, channel, refused);
}

void Session::on_kicked(const core::ChannelName& channel) {
  std::vector<Kicked>& kicked = extras().kicked;
  const MonotonicTime now = context_.loop.now();
  std::erase_if(kicked, [&](const Kicked& entry) { return entry.until <= now || entry.channel == channel.text(); });
  if (kicked.size() == kKickedChannelsMax) kicked.erase(kicked.begin());
  kicked.push_back({channel.text(), now + app_->kick_refuse_auth});
  send_error("Removed from channel " + channel.text() + " by the application");
}

void Session::on_terminated() { close(app_->terminate_close_code, "Connection terminated by the application"); }

void Session::on_watch_notice(const core::WatchNotice& notice) {
  UserState* const state = user();
  if (state != nullptr && !closing_) announce_watched(*this, *state, notice);
}

const std::string& Session::user_id() const noexcept {
  const UserState* const state = user();
  return state == nullptr ? kNobody : state->id;
}

void Session::on_deadline() {
  const MonotonicTime now = context_.loop.now();
  if (closing_) return;
  if (is_unauthorized_too_long(now)) {
    return close(pusher::number_of(pusher::ErrorCode::kUnauthorized), "Connection not authorized within timeout");
  }
  settle_subscriptions(*this, extras().held.take_due(now));
  arm_deadline(now);
}

bool Session::must_be_authorized() const noexcept {
  return app_->switches.authorized_connections && !authorized_ && !ticket_.counts_for_app();
}

bool Session::is_unauthorized_too_long(MonotonicTime now) const noexcept {
  return must_be_authorized() && extras_ != nullptr && now >= extras_->authorize_by;
}

// Source: REF 2.3
MonotonicTime Session::on_round(MonotonicTime now) {
  const SessionOptions& options = context_.options;
  if (closing_ || transport_.is_paused()) on_activity();
  const auto quiet = now - quiet_since_;
  if (!answers_pings_) {
    if (quiet >= options.inactivity_timeout) close(pusher::ErrorCode::kInactive);
    return quiet_since_ + options.inactivity_timeout;
  }
  if (awaits_pong_ && quiet >= options.pong_timeout) {
    context_.stats.activity_timeouts.add();
    close(pusher::ErrorCode::kPongNotReceived);
  } else if (!awaits_pong_ && quiet >= options.activity_timeout) {
    transport_.probe();
    quiet_since_ = now;
    awaits_pong_ = true;
  }
  return quiet_since_ + (awaits_pong_ ? options.pong_timeout : options.activity_timeout);
}

// At the earliest of the deadlines that do not depend on silence, if there is one.
void Session::arm_deadline(MonotonicTime now) {
  if (extras_ == nullptr) return;
  std::optional<MonotonicTime> due = extras_->held.next_due();
  if (must_be_authorized()) due = std::min(due.value_or(extras_->authorize_by), extras_->authorize_by);
  if (!due) return;
  std::unique_ptr<net::Timer>& deadline = extras_->deadline;
  if (deadline == nullptr) deadline = std::make_unique<net::TimerOf<Session, &Session::on_deadline>>(*this);
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(*due - now);
  context_.loop.schedule(*deadline, std::max(delay, std::chrono::milliseconds{1}));
}

}  // namespace fanfare::session
