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
      opened_(context.loop.now()),
      last_seen_(opened_),
      answers_pings_(admission.protocol >= 5) {
  context_.core.connections().add(*this);
  context_.stats.connections.add(1);
  context_.shared.connections.fetch_add(1, std::memory_order_relaxed);
  context_.stats.established.add();
  std::string& text = scratch();
  pusher::append_connection_established(text, ref().socket_id(),
                                        static_cast<std::uint32_t>(context_.options.activity_timeout.count()));
  transport_.send_text(text);
  arm_timer(opened_);
}

Session::~Session() {
  if (user_ != nullptr) stop_watching(*this, *user_);
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
  timer_.cancel();
  context_.stats.closed.add(code);
  transport_.end(code, reason);
}

void Session::on_app_changed(core::AppRef app) {
  if (app == nullptr) return close(pusher::ErrorCode::kUnknownApp);
  app_ = std::move(app);
  if (!app_->switches.enabled) return close(pusher::ErrorCode::kAppDisabled);
  if (app_->access == nullptr) settle_subscriptions(*this, take_held_subscriptions());
}

UserState& Session::make_user(std::string id) {
  user_ = std::make_unique<UserState>();
  user_->id = std::move(id);
  return *user_;
}

bool Session::try_take_client_event() noexcept {
  return client_events_.try_take(app_->limits.client_events_per_second, context_.loop.now());
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
  if (held_ == nullptr) held_ = std::make_unique<HeldSubscriptions>();
  const MonotonicTime now = context_.loop.now();
  const HeldSubscriptions::Outcome outcome = held_->hold(channel, now + app_->access_hold);
  arm_timer(now);
  return outcome;
}

std::vector<std::string> Session::take_held_subscriptions() {
  return held_ == nullptr ? std::vector<std::string>{} : held_->take_all();
}

bool Session::is_kicked_from(std::string_view channel) const {
  if (kicked_ == nullptr) return false;
  const MonotonicTime now = context_.loop.now();
  return std::any_of(kicked_->begin(), kicked_->end(),
                     [&](const Kicked& entry) { return entry.channel == channel && entry.until > now; });
}

void Session::deliver(const LocalSlice& frames, core::FrameClass frame_class) { transport_.send(frames, frame_class); }

void Session::on_admitted(core::Subscription& subscription, const core::Admitted& admitted) {
  announce_subscription(*this, subscription, admitted);
}

void Session::on_refused(const core::ChannelName& channel, const core::Refused& refused) {
  announce_refusal(*this, channel, refused);
}

void Session::on_kicked(const core::ChannelName& channel) {
  if (kicked_ == nullptr) kicked_ = std::make_unique<std::vector<Kicked>>();
  const MonotonicTime now = context_.loop.now();
  std::erase_if(*kicked_, [&](const Kicked& entry) { return entry.until <= now || entry.channel == channel.text(); });
  if (kicked_->size() == kKickedChannelsMax) kicked_->erase(kicked_->begin());
  kicked_->push_back({channel.text(), now + app_->kick_refuse_auth});
  send_error("Removed from channel " + channel.text() + " by the application");
}

void Session::on_terminated() { close(app_->terminate_close_code, "Connection terminated by the application"); }

void Session::on_watch_notice(const core::WatchNotice& notice) {
  if (user_ != nullptr && !closing_) announce_watched(*this, *user_, notice);
}

const std::string& Session::user_id() const noexcept { return user_ == nullptr ? kNobody : user_->id; }

void Session::on_timer() {
  const MonotonicTime now = context_.loop.now();
  if (is_unauthorized_too_long(now)) {
    return close(pusher::number_of(pusher::ErrorCode::kUnauthorized), "Connection not authorized within timeout");
  }
  if (held_ != nullptr) settle_subscriptions(*this, held_->take_due(now));
  if (check_liveness(now)) arm_timer(now);
}

bool Session::is_unauthorized_too_long(MonotonicTime now) const noexcept {
  return app_->switches.authorized_connections && !authorized_ && !ticket_.counts_for_app() &&
         now - opened_ >= context_.options.authorization_timeout;
}

// False: the connection was closed. Source: REF 2.3
bool Session::check_liveness(MonotonicTime now) {
  const SessionOptions& options = context_.options;
  if (transport_.is_paused()) last_seen_ = now;
  if (last_seen_ > probed_) probed_ = {};
  if (!answers_pings_) {
    if (now - last_seen_ < options.inactivity_timeout) return true;
    close(pusher::ErrorCode::kInactive);
    return false;
  }
  if (probed_ != MonotonicTime{} && now - probed_ >= options.pong_timeout) {
    context_.stats.activity_timeouts.add();
    close(pusher::ErrorCode::kPongNotReceived);
    return false;
  }
  if (probed_ == MonotonicTime{} && now - last_seen_ >= options.activity_timeout) {
    transport_.probe();
    probed_ = now;
  }
  return true;
}

// One timer for all deadlines, at the earliest; messages do not move it, it looks at last_seen_ when it fires.
void Session::arm_timer(MonotonicTime now) {
  const SessionOptions& options = context_.options;
  MonotonicTime next = answers_pings_ ? last_seen_ + options.activity_timeout : last_seen_ + options.inactivity_timeout;
  if (probed_ != MonotonicTime{}) next = probed_ + options.pong_timeout;
  if (app_->switches.authorized_connections && !authorized_ && !ticket_.counts_for_app()) {
    next = std::min(next, opened_ + options.authorization_timeout);
  }
  if (held_ != nullptr) next = std::min(next, held_->next_due().value_or(next));
  const auto delay = std::chrono::duration_cast<std::chrono::milliseconds>(next - now);
  context_.loop.schedule(timer_, std::max(delay, std::chrono::milliseconds{1}));
}

}  // namespace fanfare::session
