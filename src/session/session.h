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
#include "session/session_context.h"
#include "session/transport.h"
#include "session/user_state.h"

namespace fanfare::session {

class Session final : public core::Subscriber {
 public:
  // Greets the client with connection_established.
  Session(SessionContext& context, Transport& transport, core::AppRef app, core::ConnectionTicket ticket,
          std::string peer_address);
  ~Session() override;

  // A message of the client. `bytes` may be written in place and has `spare` readable bytes behind it.
  void on_message(MutableBytes bytes, std::size_t spare, bool is_text);
  // Any frame of the client, control frames too, is a sign of life. Source: REF 2.3
  void on_activity() noexcept { last_seen_ = context_.loop.now(); }
  // The app was replaced by a reload, or is gone (null).
  void on_app_changed(core::AppRef app);

  // Ends the connection with a Pusher close code.
  void close(std::uint16_t code, std::string_view reason);

  // --- For the handlers.
  SessionContext& context() noexcept { return context_; }
  const core::App& app() const noexcept { return *app_; }
  const core::AppRef& app_ref() const noexcept { return app_; }
  std::string_view socket_id_text() const;
  UserState* user() noexcept { return user_.get(); }
  UserState& make_user();
  bool is_closing() const noexcept { return closing_; }
  TokenBucket& client_event_bucket() noexcept { return client_events_; }
  void send_text(std::string_view payload) { transport_.send_text(payload); }
  // Non-fatal: the connection stays. Without a code the event carries null. Source: REF 1.8
  void send_error(std::string_view message);
  void send_error(pusher::ErrorCode code, std::string_view message);
  // The connection signed in or subscribed with auth. Source: REF 6.6
  void on_authorized();
  // Whether this auth for this channel was taken away by a kick not long ago.
  bool is_kicked_from(std::string_view channel) const;

  // --- core::Subscriber
  void deliver(const LocalSlice& frames, core::FrameClass frame_class) override;
  void on_admitted(core::Subscription& subscription, const core::Admitted& admitted) override;
  void on_refused(const core::ChannelName& channel, const core::Refused& refused) override;
  void on_kicked(const core::ChannelName& channel) override;
  void on_terminated() override;
  void on_watch_notice(const core::WatchNotice& notice) override;
  const std::string& user_id() const noexcept override;

 private:
  struct Kicked {
    std::string channel;
    MonotonicTime until;
  };

  void on_timer();
  void check_liveness(MonotonicTime now);
  bool wants_authorization() const noexcept;
  void arm_timer(std::chrono::milliseconds delay);

  SessionContext& context_;
  Transport& transport_;
  core::AppRef app_;
  core::ConnectionTicket ticket_;  // empty while an unauthorized connection does not count. Source: REF 1.3
  std::string peer_address_;
  std::unique_ptr<UserState> user_;
  std::unique_ptr<std::vector<Kicked>> kicked_;
  TokenBucket client_events_;
  MonotonicTime opened_;
  MonotonicTime last_seen_;
  MonotonicTime probed_{};  // the epoch: no ping is unanswered
  net::TimerOf<Session, &Session::on_timer> timer_{*this};
  bool closing_ = false;
  bool authorized_ = false;
};

}  // namespace fanfare::session
