#include "session/ws_connection.h"

#include <utility>

#include "base/shared_bytes.h"
#include "ws/frame.h"

namespace fanfare::session {

namespace {

static_assert(sizeof(WsConnection) <= 312, "an idle connection costs almost nothing");

// The close frame is told even to a client whose queue is full: it is the last one, so it needs no bound.
constexpr net::SendQueueLimits kLastFrameLimits{0xFFFF'FFFF, 0xFFFF'FFFF, 0xFFFF'FFFF, 0};

ws::MessageLimits limits_of(const SessionOptions& options) {
  return {static_cast<std::uint32_t>(options.message_bytes_max),
          static_cast<std::uint32_t>(options.message_fragments_max)};
}

}  // namespace

class WsConnection::Reader final : public ws::MessageHandler {
 public:
  explicit Reader(WsConnection& connection) : connection_(connection) {}

  bool on_message(const ws::Message& message) override {
    connection_.session_->on_message(as_text(message.bytes));
    return connection_.goes_on();
  }
  bool on_ping(ByteView payload) override {
    connection_.send_own({ws::Opcode::kPong, true, 0}, payload);
    return connection_.goes_on();
  }
  bool on_pong(ByteView) override { return connection_.goes_on(); }
  void on_close(ws::CloseCode code, std::string_view reason) override {
    if (connection_.ending_) return;
    connection_.context_.stats.closed_by_client.add();
    connection_.end_with(code, reason);
  }
  void on_protocol_error(ws::CloseCode code, std::string_view reason) override {
    if (connection_.ending_) return;
    connection_.context_.stats.closed.add(static_cast<std::uint16_t>(code));
    connection_.end_with(code, reason);
  }
  deflate::MessageInflater* inflater() noexcept override { return connection_.inflater(); }

 private:
  WsConnection& connection_;
};

WsConnection::WsConnection(SessionContext& context, ConnectionList& owner, std::unique_ptr<net::Stream> stream,
                           Admission admission, bool takes_deflated)
    : context_(context),
      owner_(owner),
      stream_(std::move(stream)),
      assembler_(ws::Role::kServer, limits_of(context.options), takes_deflated) {
  stream_->set_send_limits(context_.send_limits.of(*admission.app));
  session_.emplace(context_, static_cast<Transport&>(*this), std::move(admission));
}

WsConnection::~WsConnection() = default;

void WsConnection::start(MutableBytes unread) {
  stream_->set_handler(*this);
  if (!unread.empty()) on_bytes(unread);
}

void WsConnection::drain() {
  if (!ending_) session_->close(pusher::ErrorCode::kReconnectImmediately);
}

void WsConnection::on_apps_changed() {
  if (ending_) return;
  const core::AppRef* app = context_.apps.table().find_by_index(session_->app().index);
  session_->on_app_changed(app == nullptr ? nullptr : *app);
}

void WsConnection::on_bytes(MutableBytes bytes) {
  if (ending_) return;
  session_->on_activity();
  take(bytes);
}

void WsConnection::take(MutableBytes bytes) {
  Reader reader(*this);
  if (assembler_.feed(bytes, kSpareBytes, reader) != ws::FeedOutcome::kStopped || ending_ || bytes.empty()) return;
  held_ = std::make_unique<SpareBuffer>();
  held_->append(bytes);
}

void WsConnection::on_send_drained() {
  if (!std::exchange(paused_, false) || ending_) return;
  session_->on_activity();
  if (held_ == nullptr) return stream_->resume_reading();
  // Behind this turn's flush, of which this call is a part.
  context_.loop.defer([this] { go_on_reading(); });
}

void WsConnection::go_on_reading() {
  if (!goes_on() || held_ == nullptr) return;
  const std::unique_ptr<SpareBuffer> held = std::move(held_);
  take(held->bytes());
  if (goes_on()) stream_->resume_reading();
}

void WsConnection::on_closed(net::CloseReason) {
  if (!ending_) context_.stats.closed_by_client.add();
  ending_ = true;
  session_.reset();
  owner_.destroy_later(*this);
}

void WsConnection::send(const core::Delivery& delivery, core::FrameClass frame_class) {
  send_frames(delivery.frames(), frame_class);
}

void WsConnection::send_text(std::string_view payload) { send_own({ws::Opcode::kText, true, 0}, as_bytes(payload)); }

void WsConnection::probe() { send_own({ws::Opcode::kPing, true, 0}, {}); }

std::string WsConnection::peer_address() const { return stream_->peer_address().ip_text(); }

void WsConnection::send_frames(const LocalSlice& frames, core::FrameClass frame_class) {
  if (ending_) return;
  const net::DropPolicy policy =
      frame_class == core::FrameClass::kEvent ? net::DropPolicy::kDroppable : net::DropPolicy::kKeep;
  net::SendOutcome outcome = stream_->queue(frames, policy);
  if (outcome == net::SendOutcome::kRefusedFull) outcome = make_room_and_queue(frames, policy);
  note_outcome(outcome);
}

void WsConnection::send_own(ws::FrameKind kind, ByteView payload) {
  thread_local std::string frame;
  frame.clear();
  ws::append_server_frame(frame, kind, payload);
  send_bytes(as_bytes(frame));
}

void WsConnection::send_bytes(ByteView frames) {
  if (ending_) return;
  net::SendOutcome outcome = stream_->queue_copy(frames);
  if (outcome == net::SendOutcome::kRefusedFull) {
    outcome = make_room_and_queue(LocalSlice::copy_of(frames), net::DropPolicy::kKeep);
  }
  note_outcome(outcome);
}

void WsConnection::note_outcome(net::SendOutcome outcome) {
  if (outcome == net::SendOutcome::kQueuedAboveHighMark && !paused_) {
    // What it asks for only makes its queue longer.
    paused_ = true;
    stream_->pause_reading();
  }
}

// The app's policy for a client that does not keep up.
net::SendOutcome WsConnection::make_room_and_queue(const LocalSlice& frames, net::DropPolicy policy) {
  if (session_->app().slow_consumer == core::SlowConsumerPolicy::kDropOldest) {
    context_.stats.events_dropped.add(stream_->drop_oldest_droppable(frames.size()).frames);
    const net::SendOutcome outcome = stream_->queue(frames, policy);
    if (outcome != net::SendOutcome::kRefusedFull) return outcome;
    if (policy == net::DropPolicy::kDroppable) {
      context_.stats.events_dropped.add();
      return outcome;
    }
  }
  context_.stats.slow_consumers.add();
  session_->close(pusher::number_of(pusher::ErrorCode::kOverCapacity),
                  "Slow consumer: more is waiting for this connection than its queue holds");
  return net::SendOutcome::kRefusedClosed;
}

void WsConnection::end(std::uint16_t close_code, std::string_view reason) {
  end_with(static_cast<ws::CloseCode>(close_code), reason);
}

void WsConnection::end_with(ws::CloseCode code, std::string_view reason) {
  if (std::exchange(ending_, true)) return;
  const LocalSlice frame(ws::close_frame(code, reason).slice());
  net::SendOutcome outcome = stream_->queue(frame, net::DropPolicy::kKeep);
  if (outcome == net::SendOutcome::kRefusedFull) {
    (void)stream_->drop_oldest_droppable(stream_->queued_bytes());
    outcome = stream_->queue(frame, net::DropPolicy::kKeep);
  }
  if (outcome == net::SendOutcome::kRefusedFull) {
    stream_->set_send_limits(kLastFrameLimits);
    (void)stream_->queue(frame, net::DropPolicy::kKeep);
  }
  stream_->close_after_flush();
  end_session();
}

// Not at once: this may be one of the session's own calls.
void WsConnection::end_session() {
  context_.loop.defer([this] { session_.reset(); });
}

}  // namespace fanfare::session
