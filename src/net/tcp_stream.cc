#include "net/tcp_stream.h"

#include <array>
#include <utility>

#include <sys/socket.h>

#include "base/assert.h"

namespace fanfare::net {

namespace {

static_assert(sizeof(TcpStream) <= 120, "an idle connection costs almost nothing");

constexpr std::size_t kPartsPerSend = 256;

class DetachedTcpStream final : public DetachedStream {
 public:
  DetachedTcpStream(UniqueFd socket, const SocketAddress& peer) : socket_(std::move(socket)), peer_(peer) {}
  std::unique_ptr<Stream> attach(EventLoop& loop) override {
    FANFARE_ASSERT(socket_);
    return make_in_slab<TcpStream>(loop.slabs(), loop, std::move(socket_), peer_);
  }

 private:
  UniqueFd socket_;
  SocketAddress peer_;
};

// Set while the handler runs, so that ~TcpStream can tell.
class CallbackScope {
 public:
  explicit CallbackScope(bool& flag) : flag_(flag) { flag_ = true; }
  CallbackScope(const CallbackScope&) = delete;
  CallbackScope& operator=(const CallbackScope&) = delete;
  ~CallbackScope() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

const char* close_reason_name(CloseReason reason) noexcept {
  switch (reason) {
    case CloseReason::kPeerClosed:
      return "peer_closed";
    case CloseReason::kPeerReset:
      return "peer_reset";
    case CloseReason::kFlushed:
      return "flushed";
    case CloseReason::kTimedOut:
      return "timed_out";
    case CloseReason::kAborted:
      return "aborted";
  }
  return "unknown";
}

TcpStream::TcpStream(EventLoop& loop, UniqueFd connected, const SocketAddress& peer)
    : loop_(loop), queue_(loop.options().send_queue), socket_(std::move(connected)), peer_(peer) {
  loop_.mutable_stats().open.add(1);
}

TcpStream::~TcpStream() {
  loop_.check_thread();
  FANFARE_ASSERT(!in_callback_);  // destroyed inside its own callback: it belongs into EventLoop::defer()
  loop_.forget(*this);
  release_socket();
}

void TcpStream::set_handler(StreamHandler& handler) {
  loop_.check_thread();
  const bool first = handler_ == nullptr;
  handler_ = &handler;
  if (!first || state_ != State::kOpen) return;
  // The kernel's table of watched descriptors may be full: then this is the end of the connection, told as usual.
  if (loop_.backend().attach(*this, socket_.get()) != 0) return abort();
  loop_.backend().set_receiving(*this, !reading_paused_);
}

SendOutcome TcpStream::queue(LocalSlice slice, DropPolicy policy) {
  loop_.check_thread();
  if (state_ != State::kOpen) return SendOutcome::kRefusedClosed;
  return after_queue(queue_.queue(std::move(slice), policy), policy);
}

SendOutcome TcpStream::queue_copy(ByteView bytes) {
  loop_.check_thread();
  if (state_ != State::kOpen) return SendOutcome::kRefusedClosed;
  return after_queue(queue_.queue_copy(bytes), DropPolicy::kKeep);
}

SendOutcome TcpStream::after_queue(SendOutcome outcome, DropPolicy policy) {
  if (outcome == SendOutcome::kRefusedFull) loop_.mutable_stats().sends_refused.add();
  // While a send is pending the backend goes on by itself, and a touch would be a call for nothing.
  if (send_pending_) return outcome;
  if (policy == DropPolicy::kDroppable && outcome == SendOutcome::kQueued) {
    loop_.touch_patiently(*this);
  } else {
    loop_.touch(*this);
  }
  return outcome;
}

DroppedFrames TcpStream::drop_oldest_droppable(std::size_t bytes) {
  loop_.check_thread();
  const DroppedFrames dropped = queue_.drop_oldest_droppable(bytes);
  loop_.mutable_stats().frames_dropped.add(dropped.frames);
  return dropped;
}

void TcpStream::close_after_flush() {
  loop_.check_thread();
  if (state_ != State::kOpen) return;
  start_closing(CloseReason::kFlushed);
  // Read and thrown away from here on: close() with unread input would send a reset, and that overtakes our last bytes.
  if (is_attached()) loop_.backend().set_receiving(*this, true);
}

void TcpStream::start_closing(CloseReason reason) {
  state_ = State::kClosing;
  reason_ = reason;
  deadline_ = std::make_unique<TimerOf<TcpStream, &TcpStream::on_deadline>>(*this);
  loop_.schedule(*deadline_, loop_.options().linger_timeout);
  loop_.touch(*this);
}

void TcpStream::on_deadline() {
  loop_.mutable_stats().linger_timeouts.add();
  finish(CloseReason::kTimedOut);
}

void TcpStream::abort() {
  loop_.check_thread();
  if (state_ == State::kAborting || state_ == State::kClosed) return;
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
  release_socket();
  queue_.clear();
  state_ = State::kAborting;
  loop_.touch(*this);
}

void TcpStream::pause_reading() {
  loop_.check_thread();
  reading_paused_ = true;
  if (state_ == State::kOpen && is_attached()) loop_.backend().set_receiving(*this, false);
}

void TcpStream::resume_reading() {
  loop_.check_thread();
  reading_paused_ = false;
  if (state_ == State::kOpen && is_attached()) loop_.backend().set_receiving(*this, true);
}

void TcpStream::notify_drained() {
  loop_.check_thread();
  queue_.owe_drained();
  if (!send_pending_) loop_.touch(*this);
}

std::unique_ptr<DetachedStream> TcpStream::detach() {
  loop_.check_thread();
  FANFARE_ASSERT(state_ == State::kOpen && queue_.empty());
  loop_.backend().detach(*this);
  loop_.mutable_stats().open.add(-1);
  state_ = State::kClosed;
  return std::make_unique<DetachedTcpStream>(std::move(socket_), peer_);
}

void TcpStream::on_turn_flush() {
  if (state_ == State::kAborting) return finish(CloseReason::kAborted);
  if (state_ != State::kOpen && state_ != State::kClosing) return;
  if (!queue_.empty() && !send_pending_ && loop_.backend().join_batch(*this)) {
    send_pending_ = true;
    return;
  }
  flush();
}

void TcpStream::on_received(MutableBytes bytes) {
  if (state_ != State::kOpen) return;
  const CallbackScope scope(in_callback_);
  handler_->on_bytes(bytes);
}

void TcpStream::on_receive_ended(int error) {
  if (error != 0) return finish(CloseReason::kPeerReset);
  peer_ended_ = true;
  if (state_ == State::kLingering) return finish(reason_);
  if (state_ != State::kOpen) return;  // flush() goes on and finds that the peer has ended
  // A peer may end its side right behind a request and still wait for the answer.
  if (!queue_.empty()) return start_closing(CloseReason::kPeerClosed);
  finish(CloseReason::kPeerClosed);
}

void TcpStream::on_send_ready(std::size_t sent) {
  queue_.consume(sent);
  send_pending_ = false;
  flush();
}

void TcpStream::on_batch_sent(const SendResult& result) noexcept {
  queue_.consume(result.sent);
  send_pending_ = result.pending;
}

void TcpStream::on_batch_over(int error) {
  if (error != 0) return finish(CloseReason::kPeerReset);
  flush();
}

void TcpStream::flush() {
  FANFARE_ASSERT(handler_ != nullptr);
  while (!queue_.empty() && !send_pending_) {
    std::array<iovec, kPartsPerSend> parts;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled next
    const std::size_t filled = queue_.fill(parts);
    const SendResult result = loop_.backend().send(*this, {parts.data(), filled});
    if (result.error != 0) return finish(CloseReason::kPeerReset);
    queue_.consume(result.sent);
    send_pending_ = result.pending;
  }
  after_flush();
}

void TcpStream::count_waiting(std::size_t bytes) noexcept {
  const auto waiting = static_cast<std::uint32_t>(bytes);
  if (waiting == waiting_bytes_) return;
  loop_.mutable_stats().waiting_bytes.add(std::int64_t{waiting} - std::int64_t{waiting_bytes_});
  waiting_bytes_ = waiting;
}

void TcpStream::after_flush() {
  count_waiting(queue_.bytes());
  if (state_ == State::kOpen && queue_.take_drained()) {
    const CallbackScope scope(in_callback_);
    handler_->on_send_drained();
  }
  if (state_ != State::kClosing || !queue_.empty()) return;
  if (peer_ended_) return finish(reason_);
  ::shutdown(socket_.get(), SHUT_WR);
  state_ = State::kLingering;
}

void TcpStream::finish(CloseReason reason) {
  release_socket();
  state_ = State::kClosed;
  if (handler_ != nullptr) {  // else aborted before anybody wanted it
    const CallbackScope scope(in_callback_);
    handler_->on_closed(reason);
  }
  queue_.clear();
}

void TcpStream::release_socket() noexcept {
  if (!socket_) return;
  loop_.backend().detach(*this);
  socket_.reset();
  deadline_.reset();
  count_waiting(0);
  send_pending_ = false;
  loop_.mutable_stats().open.add(-1);
  loop_.mutable_stats().closed.add();
}

}  // namespace fanfare::net
