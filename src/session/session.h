// Session: the Pusher side of one client connection, whatever carries it: who the client is, what it is subscribed to,
// whether it is alive. It wires; what a command means is in the handlers (subscribe_handler.h, signin_handler.h,
// client_event_handler.h).
//
// Order:  commands of one connection are handled strictly one after the other; frames leave in the order of the sends.
// Thread: one loop, for life.
// Owns:   its subscriptions (they end with it), its quota ticket. The transport owns the session.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/rate_limiter.h"
#include "core/connection_quota.h"
#include "core/subscriber.h"
#include "net/timer_wheel.h"
#include "pusher/error_code.h"
#include "session/held_subscriptions.h"
#include "session/session_context.h"
#include "session/transport.h"
#include "session/user_state.h"

namespace fanfare::session {

// What is known of a connection once it was let in.
struct Admission {
  core::AppRef app;
  int protocol = 7;
  core::ConnectionTicket ticket;  // empty: taken when the connection is authorized. Source: REF 1.3
};

class Session final : public core::Subscriber {
 public:
  // Greets the client with connection_established.
  Session(SessionContext& context, Transport& transport, Admission admission);
  ~Session() override;

  // A message of the client. The text is valid UTF-8 if the transport says so; JSON is checked either way.
  void on_message(std::string_view message);
  // Any frame of the client, control frames too, is a sign of life. Source: REF 2.3
  void on_activity() noexcept {
    quiet_since_ = context_.loop.now();
    awaits_pong_ = false;
  }
  // A reload brought new settings, or took the app away (null).
  void on_app_changed(core::AppRef app);

  // Ends the connection with a Pusher close code. The session is destroyed at the end of the turn.
  void close(pusher::ErrorCode code) { close(pusher::number_of(code), pusher::message_of(code)); }
  void close(std::uint16_t code, std::string_view reason);

  // --- For the handlers.
  SessionContext& context() noexcept { return context_; }
  const core::App& app() const noexcept { return *app_; }
  const core::AppRef& app_ref() const noexcept { return app_; }
  // Null until signed in.
  UserState* user() noexcept { return extras_ == nullptr ? nullptr : extras_->user.get(); }
  const UserState* user() const noexcept { return extras_ == nullptr ? nullptr : extras_->user.get(); }
  UserState& make_user(std::string id);
  bool try_take_client_event();
  void send_text(std::string_view payload) { transport_.send_text(payload); }
  // Non-fatal: the connection stays. Without a code the event carries null. Source: REF 1.8
  void send_error(std::string_view message);
  void send_error(pusher::ErrorCode code, std::string_view message);
  // The connection signed in or subscribed with auth. Source: REF 6.6
  void on_authorized();
  // Subscriptions that wait for the sign-in: see held_subscriptions.h.
  HeldSubscriptions::Outcome hold_subscription(std::string_view channel);
  bool drop_held_subscription(std::string_view channel);
  std::vector<std::string> take_held_subscriptions();
  // Whether the connection was taken out of the channel not long ago, so that its old auth does not count.
  bool is_kicked_from(std::string_view channel) const;

  // --- core::Subscriber
  void deliver(const core::Delivery& delivery, core::FrameClass frame_class) override;
  void on_admitted(core::Subscription& subscription, const core::Admitted& admitted) override;
  void on_refused(const core::ChannelName& channel, const core::Refused& refused) override;
  void on_kicked(const core::ChannelName& channel) override;
  void on_terminated() override;
  void on_watch_notice(const core::WatchNotice& notice) override;
  MonotonicTime on_round(MonotonicTime now) override;
  const std::string& user_id() const noexcept override;

 private:
  struct Kicked {
    std::string channel;
    MonotonicTime until;
  };

  // What most connections never need.
  struct Extras {
    std::unique_ptr<UserState> user;
    std::vector<Kicked> kicked;
    HeldSubscriptions held;
    TokenBucket client_events;
    MonotonicTime authorize_by;            // of a connection that must_be_authorized()
    std::unique_ptr<net::Timer> deadline;  // for the two that are not of silence; null: there was none yet
  };

  void on_deadline();
  Extras& extras();
  bool must_be_authorized() const noexcept;
  bool is_unauthorized_too_long(MonotonicTime now) const noexcept;
  void arm_deadline(MonotonicTime now);

  SessionContext& context_;
  Transport& transport_;
  core::AppRef app_;
  core::ConnectionTicket ticket_;
  std::unique_ptr<Extras> extras_;
  MonotonicTime quiet_since_;  // the last sign of life, or the ping that was sent for want of one
  bool awaits_pong_ = false;
  bool closing_ = false;
  bool authorized_ = false;
  bool answers_pings_ = true;
};

}  // namespace fanfare::session
