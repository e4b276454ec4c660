#include "session/fallback_session.h"

#include <algorithm>
#include <utility>

#include "base/scratch.h"
#include "json/json_reader.h"
#include "pusher/outbound_event.h"
#include "sockjs/send_body.h"

namespace fanfare::session {

namespace {

sockjs::LinesBuilder& lines_builder() {
  thread_local sockjs::LinesBuilder builder;
  return builder;
}

constexpr std::uint16_t kMessageTooBig = 1009;  // as on a WebSocket. Source: REF 1.9

}  // namespace

FallbackSession::FallbackSession(FallbackContext& context, std::string name, const ClientFacts& client)
    : context_(context),
      name_(std::move(name)),
      peer_address_(client.address.ip_text()),
      is_tls_(client.is_tls),
      queue_(context.session.loop.options().send_queue),
      began_(now()),
      last_receiver_(began_),
      last_written_(began_) {
  context_.table.add(name_, *this);
  ++context_.table.waiting;
  context_.session.stats.fallback_sessions.add(1);
  lines_builder().open();
  (void)queue_.push(lines_builder().take(), net::DropPolicy::kKeep);
  arm_timer();
}

FallbackSession::~FallbackSession() {
  context_.session.loop.forget(*this);
  session_.reset();
}

void FallbackSession::decide(ConnectRequest request) {
  request.tls = is_tls_;
  SessionContext& session = context_.session;
  ConnectDecision decision = decide_connect(request, session.apps.table(), server_state(session));
  Admission admission = admit(session, decision, peer_address_);
  if (decision.is_welcome()) {
    leave_waiting();
    state_ = State::kOpen;
    queue_.set_limits(session.send_limits.of(*decision.app));
    session_.emplace(session, static_cast<Transport&>(*this), std::move(admission));
    return;
  }
  note_refusal(session, decision, peer_address_);
  if (decision.wants_error_event()) {
    std::string& text = scratch();
    pusher::append_error(text, static_cast<pusher::ErrorCode>(decision.close_code), decision.close_reason);
    send_text(text);
  }
  end(decision.close_code, decision.close_reason);
}

void FallbackSession::leave_waiting() {
  if (!std::exchange(was_let_in_, true)) --context_.table.waiting;
}

void FallbackSession::receive(ReceiverRequest request, httpd::Responder responder) {
  if (session_) session_->on_activity();
  queue_.confirm(receiver_.sent_bytes());
  receiver_.supersede();
  queue_.take_back();
  receiver_ = FallbackReceiver(std::move(request), std::move(responder), *this, context_.options().stream_bytes_max);
  last_written_ = now();
  if (!receiver_.is_waiting()) return lose_receiver();
  if (state_ == State::kClosed && queue_.empty()) queue_.push_beyond_limits(close_line_);
  pump();
  arm_timer();
}

void FallbackSession::send(const core::Delivery& delivery, core::FrameClass frame_class) {
  if (state_ == State::kClosed || state_ == State::kGone) return;
  push(delivery.lines(),
       frame_class == core::FrameClass::kEvent ? net::DropPolicy::kDroppable : net::DropPolicy::kKeep);
}

void FallbackSession::send_text(std::string_view payload) {
  if (state_ == State::kClosed || state_ == State::kGone) return;
  lines_builder().message(payload);
  push(lines_builder().take(), net::DropPolicy::kKeep);
}

// SockJS's clients do not answer a heartbeat that pusher-js does; all of them answer a ping of the protocol.
void FallbackSession::probe() {
  send_heartbeat();
  std::string& text = scratch();
  pusher::append_ping(text);
  send_text(text);
}

void FallbackSession::push(const sockjs::Lines& lines, net::DropPolicy policy) {
  net::SendOutcome outcome = queue_.push(lines, policy);
  if (outcome == net::SendOutcome::kRefusedFull) outcome = make_room_and_push(lines, policy);
  if (outcome == net::SendOutcome::kQueuedAboveHighMark) is_paused_ = true;
  pump();
}

// The app's policy for a client that does not keep up.
net::SendOutcome FallbackSession::make_room_and_push(const sockjs::Lines& lines, net::DropPolicy policy) {
  SessionStats& stats = context_.session.stats;
  if (session_ && session_->app().slow_consumer == core::SlowConsumerPolicy::kDropOldest) {
    stats.events_dropped.add(queue_.drop_oldest_droppable(lines.chunk.size()).frames);
    const net::SendOutcome outcome = queue_.push(lines, policy);
    if (outcome != net::SendOutcome::kRefusedFull) return outcome;
    if (policy == net::DropPolicy::kDroppable) {
      stats.events_dropped.add(lines.count);
      return outcome;
    }
  }
  stats.slow_consumers.add();
  constexpr std::string_view kReason = "Slow consumer: more is waiting for this connection than its queue holds";
  if (session_) {
    session_->close(pusher::number_of(pusher::ErrorCode::kOverCapacity), kReason);
  } else {
    end(pusher::number_of(pusher::ErrorCode::kOverCapacity), kReason);
  }
  return net::SendOutcome::kRefusedClosed;
}

void FallbackSession::pump() {
  if (!receiver_.is_waiting() || !queue_.has_waiting()) return;
  // A poll takes all that the turn has for it.
  if (receiver_.is_poll()) return context_.session.loop.touch(*this);
  if (receiver_.write(queue_)) note_written();
}

void FallbackSession::on_turn_flush() {
  if (receiver_.is_waiting() && receiver_.write(queue_)) note_written();
}

void FallbackSession::note_written() {
  last_written_ = now();
  const bool was_last = state_ == State::kClosed && !queue_.has_waiting();
  if (was_last && receiver_.is_waiting()) receiver_.finish();
  // Full: the client has so long to come back for more.
  if (receiver_.is_full() || !receiver_.is_waiting()) lose_receiver();
}

void FallbackSession::on_answer_drained() {
  queue_.confirm(UINT64_MAX);
  if (receiver_.is_waiting()) pump();
  if (state_ == State::kClosed && queue_.empty() && !was_let_in_) return destroy();
  if (queue_.take_drained()) {
    is_paused_ = false;
    if (!held_.empty() && !std::exchange(takes_held_, true)) {
      // Behind this turn's flush, of which this call is a part.
      context_.session.loop.defer([this] { take_held(); });
    }
  }
}

void FallbackSession::on_answer_lost(std::uint64_t sent_bytes) {
  queue_.confirm(sent_bytes);
  queue_.take_back();
  receiver_ = FallbackReceiver();
  lose_receiver();
}

void FallbackSession::lose_receiver() {
  last_receiver_ = now();
  arm_timer();
}

void FallbackSession::send_messages(SendRequest request, httpd::Responder responder) {
  if (state_ == State::kClosed || state_ == State::kGone) {
    return responder.respond(fallback_text(404, "The session is closed", request.origin));
  }
  if (session_) session_->on_activity();
  if (!is_paused_ && held_.empty()) return take_body(request, responder);
  // What it asks for only makes its queue longer.
  held_bytes_ += request.body.size();
  const bool is_too_much = held_bytes_ > context_.options().held_bytes_max;
  held_.push_back({std::move(request), std::move(responder)});
  if (is_too_much && session_) {
    context_.session.stats.slow_consumers.add();
    session_->close(pusher::number_of(pusher::ErrorCode::kOverCapacity),
                    "Slow consumer: it sends without reading what waits for it");
  }
}

void FallbackSession::take_held() {
  takes_held_ = false;
  std::vector<HeldSend> held = std::exchange(held_, {});
  held_bytes_ = 0;
  for (HeldSend& one : held) {
    if (state_ != State::kOpen) {
      one.responder.respond(fallback_text(404, "The session is closed", one.request.origin));
    } else if (is_paused_) {
      held_bytes_ += one.request.body.size();
      held_.push_back(std::move(one));
    } else {
      take_body(one.request, one.responder);
    }
  }
}

void FallbackSession::refuse_held() {
  for (HeldSend& one : std::exchange(held_, {})) {
    one.responder.respond(fallback_text(404, "The session is closed", one.request.origin));
  }
  held_bytes_ = 0;
}

void FallbackSession::take_body(const SendRequest& request, httpd::Responder& responder) {
  thread_local json::Reader reader;
  const auto messages = sockjs::parse_send_body(reader, request.body);
  if (!messages.ok()) {
    return responder.respond(fallback_text(500, messages.error().message, request.origin));
  }
  for (const std::string_view message : *messages) {
    if (state_ == State::kClosed) break;
    take_message(message, request);
  }
  responder.respond(request.is_jsonp ? fallback_answer(200, http::kPlainText, "ok", request.origin)
                                     : fallback_answer(204, {}, {}, request.origin));
}

void FallbackSession::take_message(std::string_view message, const SendRequest& request) {
  if (message.size() > context_.session.options.message_bytes_max) {
    context_.session.stats.closed.add(kMessageTooBig);
    return end(kMessageTooBig, "message too big");
  }
  if (session_) return session_->on_message(message);
  // SockJS: {"path":"/app/KEY?protocol=7&…"}. Source: REF 8.8
  thread_local json::Reader reader;
  const json::Value* path = reader.parse_object(message).ok() ? reader.find("path") : nullptr;
  const std::string target(path != nullptr && path->is_string() ? path->text : std::string_view());
  const std::size_t mark = std::min(target.find('?'), target.size());
  decide({.path = std::string_view(target).substr(0, mark),
          .query = std::string_view(target).substr(std::min(mark + 1, target.size())),
          .origin = request.origin.origin,
          .tls = false});
}

void FallbackSession::end(std::uint16_t close_code, std::string_view reason) {
  if (state_ == State::kClosed || state_ == State::kGone) return;
  state_ = State::kClosed;
  began_ = now();
  lines_builder().close(close_code, reason);
  close_line_ = lines_builder().take();
  queue_.push_beyond_limits(close_line_);
  // Not at once: this may be one of the session's own calls.
  context_.session.loop.defer([this] {
    refuse_held();
    session_.reset();
  });
  pump();
  arm_timer();
}

void FallbackSession::drain() {
  if (session_) return session_->close(pusher::ErrorCode::kReconnectImmediately);
  end(pusher::number_of(pusher::ErrorCode::kReconnectImmediately),
      pusher::message_of(pusher::ErrorCode::kReconnectImmediately));
}

void FallbackSession::on_apps_changed() {
  if (state_ != State::kOpen) return;
  const core::AppRef* app = context_.session.apps.table().find_by_index(session_->app().index);
  session_->on_app_changed(app == nullptr ? nullptr : *app);
}

// One timer for all deadlines, at the earliest; what is written does not move it, it looks when it fires.
void FallbackSession::arm_timer() {
  if (state_ == State::kGone) return;
  const auto delay = std::chrono::ceil<std::chrono::milliseconds>(next_deadline() - now());
  context_.session.loop.schedule(timer_, std::max(delay, std::chrono::milliseconds{1}));
}

MonotonicTime FallbackSession::next_deadline() const noexcept {
  const FallbackOptions& options = context_.options();
  if (state_ == State::kClosed) return began_ + options.disconnect;
  if (!receiver_.is_waiting()) return last_receiver_ + options.disconnect;
  // What fills a stream may take its time through the network, before the client can come back for more.
  if (receiver_.is_full()) return last_receiver_ + std::max(options.disconnect, options.heartbeat);
  const MonotonicTime heartbeat = last_written_ + options.heartbeat;
  return state_ == State::kWaiting ? std::min(heartbeat, began_ + options.disconnect) : heartbeat;
}

void FallbackSession::on_timer() {
  if (now() < next_deadline()) return arm_timer();
  if (state_ == State::kClosed) return destroy();
  if (!receiver_.is_waiting()) return expire();
  if (receiver_.is_full()) {
    // Not the client that it looked like: it reads on and on.
    receiver_.finish();
    return lose_receiver();
  }
  if (now() - last_written_ >= context_.options().heartbeat) {
    send_heartbeat();
    last_written_ = now();
  } else {
    end(pusher::number_of(pusher::ErrorCode::kUnauthorized), "No app was asked for in time");
  }
  arm_timer();
}

void FallbackSession::send_heartbeat() {
  if (!receiver_.is_waiting()) return;  // it would only wait
  lines_builder().heartbeat();
  push(lines_builder().take(), net::DropPolicy::kDroppable);
}

void FallbackSession::expire() {
  if (session_) context_.session.stats.closed_by_client.add();
  context_.session.stats.fallback_expired.add();
  destroy();
}

void FallbackSession::destroy() {
  if (state_ == State::kGone) return;
  state_ = State::kGone;
  leave_waiting();
  context_.table.remove(name_);
  context_.session.stats.fallback_sessions.add(-1);
  timer_.cancel();
  refuse_held();
  // Not at once: this may be a call of the answer.
  context_.session.loop.defer([this] {
    receiver_ = FallbackReceiver();
    session_.reset();
    context_.connections.destroy_later(*this);
  });
}

}  // namespace fanfare::session
