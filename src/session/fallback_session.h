// FallbackSession: a session over requests of HTTP: those that receive, one at a time, and those that send. It outlives
// them: what it has to say waits for the next receiver, which goes on where the last one left off.
//
// State:  waiting (SockJS: the client has not said which app it wants) → open → closed (the close line is queued or
//         told; whoever asks meanwhile is told again) → gone. A session without a receiver is gone after
//         FallbackOptions::disconnect.
// Order:  lines leave in the order of the sends. A receiver that comes while another one waits takes its place.
// Thread: one loop, which the hash of the session's name gives.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "httpd/long_answer.h"
#include "httpd/responder.h"
#include "net/event_loop.h"
#include "net/timer_wheel.h"
#include "session/admission.h"
#include "session/fallback_context.h"
#include "session/fallback_queue.h"
#include "session/fallback_receiver.h"
#include "session/session.h"
#include "session/transport.h"
#include "sockjs/lines.h"

namespace fanfare::session {

// A request that brings messages.
struct SendRequest {
  bool is_jsonp = false;  // answered "ok" instead of 204
  FallbackOrigin origin{};
  std::string body{};  // the JSON
};

class FallbackSession final : public OwnedConnection,
                              private net::TurnFlush,
                              private Transport,
                              private httpd::AnswerObserver {
 public:
  // Enters itself into the table.
  FallbackSession(FallbackContext& context, std::string name, const ClientFacts& client);
  ~FallbackSession() override;

  // Lets the client in, or tells it why not. Once; until then the session waits.
  void decide(ConnectRequest request);
  void receive(ReceiverRequest request, httpd::Responder responder);
  void send_messages(SendRequest request, httpd::Responder responder);

  // OwnedConnection
  void drain() override;
  void on_apps_changed() override;

 private:
  enum class State : std::uint8_t { kWaiting, kOpen, kClosed, kGone };
  struct HeldSend {
    SendRequest request;
    httpd::Responder responder;
  };

  // Transport
  void send(const core::Delivery& delivery, core::FrameClass frame_class) override;
  void send_text(std::string_view payload) override;
  void probe() override;
  bool is_paused() const noexcept override { return is_paused_; }
  std::string peer_address() const override { return peer_address_; }
  void end(std::uint16_t close_code, std::string_view reason) override;

  // httpd::AnswerObserver
  void on_answer_drained() override;
  void on_answer_lost(std::uint64_t sent_bytes) override;

  // net::TurnFlush
  void on_turn_flush() override;

  void push(const sockjs::Lines& lines, net::DropPolicy policy);
  net::SendOutcome make_room_and_push(const sockjs::Lines& lines, net::DropPolicy policy);
  // Writes what waits, as far as the receiver takes it.
  void pump();
  void note_written();
  // The answer is over, what became of it is in the queue.
  void lose_receiver();

  void take_body(const SendRequest& request, httpd::Responder& responder);
  void take_message(std::string_view message, const SendRequest& request);
  void take_held();
  void refuse_held();
  void leave_waiting();

  MonotonicTime now() const noexcept { return context_.session.loop.now(); }
  void arm_timer();
  MonotonicTime next_deadline() const noexcept;
  void on_timer();
  void send_heartbeat();
  void expire();
  void destroy();

  FallbackContext& context_;
  const std::string name_;
  const std::string peer_address_;
  const bool is_tls_;
  FallbackQueue queue_;
  FallbackReceiver receiver_;
  sockjs::Lines close_line_;    // kClosed
  std::vector<HeldSend> held_;  // while paused; in order
  std::size_t held_bytes_ = 0;
  MonotonicTime began_;          // what the state has its time from
  MonotonicTime last_receiver_;  // when the last one ended, or became full
  MonotonicTime last_written_;
  net::TimerOf<FallbackSession, &FallbackSession::on_timer> timer_{*this};
  State state_ = State::kWaiting;
  bool is_paused_ = false;
  bool was_let_in_ = false;
  bool takes_held_ = false;  // deferred
  std::optional<Session> session_;
};

}  // namespace fanfare::session
