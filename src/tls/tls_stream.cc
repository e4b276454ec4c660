#include "tls/tls_stream.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "net/event_loop.h"
#include "tls/tls_buffers.h"

namespace fanfare::tls {

namespace {

using net::CloseReason;
using net::SendOutcome;

// What nobody queued: answers to a client that asks for new keys without end and reads nothing.
constexpr std::size_t kUnaskedBytesMax = 256 * kKiB;

}  // namespace

// The connection below, what OpenSSL knows of it, and what was received and not decrypted yet.
class DetachedTlsStream final : public net::DetachedStream {
 public:
  DetachedTlsStream(std::unique_ptr<net::DetachedStream> below, std::unique_ptr<TlsEngine> engine,
                    std::unique_ptr<std::vector<std::uint8_t>> kept, const TlsStatsOfLoops& stats)
      : below_(std::move(below)), engine_(std::move(engine)), kept_(std::move(kept)), stats_of_loops_(stats) {}

  std::unique_ptr<net::Stream> attach(net::EventLoop& loop) override {
    std::unique_ptr<net::Stream> below = below_->attach(loop);
    below->set_send_limits(kEncryptedLimits);
    auto stream = std::make_unique<TlsStream>(std::move(below), std::move(engine_), stats_of_loops_);
    // Decrypted at the end of this turn, when there is somebody to read it, and before anything else is received. Even
    // without input: the engine may know already that the peer has ended or failed.
    stream->kept_ = kept_ != nullptr ? std::move(kept_) : std::make_unique<std::vector<std::uint8_t>>();
    loop.touch(*stream);
    return stream;
  }

 private:
  std::unique_ptr<net::DetachedStream> below_;
  std::unique_ptr<TlsEngine> engine_;
  std::unique_ptr<std::vector<std::uint8_t>> kept_;
  const TlsStatsOfLoops& stats_of_loops_;
};

TlsStream::TlsStream(std::unique_ptr<net::Stream> below, std::unique_ptr<TlsEngine> engine,
                     const TlsStatsOfLoops& stats_of_loops)
    : below_(std::move(below)),
      engine_(std::move(engine)),
      stats_of_loops_(stats_of_loops),
      queue_(below_->loop().options().send_queue),
      security_(engine_->has_client_certificate() ? net::Security::kTlsWithClientCertificate : net::Security::kTls) {
  stats().open.add(1);
  below_->set_handler(*this);
}

TlsStream::~TlsStream() {
  loop().forget(*this);
  queue_.clear();
  count_waiting();
  stats().open.add(-1);
}

void TlsStream::set_handler(net::StreamHandler& handler) { handler_ = &handler; }

SendOutcome TlsStream::queue(LocalSlice slice, net::DropPolicy policy) {
  loop().check_thread();
  if (state_ != State::kOpen) return SendOutcome::kRefusedClosed;
  return after_queue(queue_.queue(std::move(slice), policy), policy);
}

SendOutcome TlsStream::queue_copy(ByteView bytes) {
  loop().check_thread();
  if (state_ != State::kOpen) return SendOutcome::kRefusedClosed;
  return after_queue(queue_.queue_copy(bytes), net::DropPolicy::kKeep);
}

SendOutcome TlsStream::after_queue(SendOutcome outcome, net::DropPolicy policy) {
  if (outcome == SendOutcome::kRefusedFull) loop().mutable_stats().sends_refused.add();
  // The stream below tells when it has sent what it has, and only then more is encrypted.
  if (below_->queued_bytes() > 0) return outcome;
  if (policy == net::DropPolicy::kDroppable && outcome == SendOutcome::kQueued) {
    loop().touch_patiently(*this);
  } else {
    loop().touch(*this);
  }
  return outcome;
}

net::DroppedFrames TlsStream::drop_oldest_droppable(std::size_t bytes) {
  loop().check_thread();
  const net::DroppedFrames dropped = queue_.drop_oldest_droppable(bytes);
  loop().mutable_stats().frames_dropped.add(dropped.frames);
  return dropped;
}

void TlsStream::close_after_flush() {
  loop().check_thread();
  if (state_ == State::kOpen) start_closing(CloseReason::kFlushed);
}

void TlsStream::start_closing(CloseReason reason) {
  state_ = State::kClosing;
  reason_ = reason;
  kept_.reset();
  deadline_ = std::make_unique<net::TimerOf<TlsStream, &TlsStream::on_deadline>>(*this);
  loop().schedule(*deadline_, loop().options().linger_timeout);
  loop().touch(*this);
  // Read and thrown away from here on: unread input would turn the close into a reset.
  below_->resume_reading();
}

void TlsStream::on_deadline() {
  loop().mutable_stats().linger_timeouts.add();
  reason_ = CloseReason::kTimedOut;
  state_ = State::kEnding;
  queue_.clear();
  below_->abort();
}

void TlsStream::abort() {
  loop().check_thread();
  if (state_ == State::kClosed) return;
  reason_ = CloseReason::kAborted;
  state_ = State::kEnding;
  kept_.reset();
  queue_.clear();
  count_waiting();
  below_->abort();
}

void TlsStream::pause_reading() {
  loop().check_thread();
  reading_paused_ = true;
  if (state_ == State::kOpen) below_->pause_reading();
}

void TlsStream::resume_reading() {
  loop().check_thread();
  reading_paused_ = false;
  if (state_ != State::kOpen) return;
  // What was kept comes first, and not out of this call.
  if (kept_ != nullptr) return loop().touch(*this);
  below_->resume_reading();
}

void TlsStream::notify_drained() {
  loop().check_thread();
  queue_.owe_drained();
  if (below_->queued_bytes() == 0) loop().touch(*this);
}

std::unique_ptr<net::DetachedStream> TlsStream::detach() {
  loop().check_thread();
  FANFARE_ASSERT(state_ == State::kOpen && queued_bytes() == 0);
  keep_input();
  state_ = State::kClosed;
  return std::make_unique<DetachedTlsStream>(below_->detach(), std::move(engine_), std::move(kept_), stats_of_loops_);
}

void TlsStream::on_bytes(MutableBytes bytes) {
  if (state_ != State::kOpen) return;
  engine_->give_input(bytes);
  decrypt();
  keep_input();
}

// Until the input is used up, or the handler pauses or ends the connection.
void TlsStream::decrypt() {
  FANFARE_ASSERT(handler_ != nullptr);
  const MutableBytes plain = plain_buffer();
  std::string& records = record_buffer();
  while (state_ == State::kOpen && !reading_paused_) {
    records.clear();
    const Decrypted decrypted = decrypt_input(*engine_, plain, records);
    send_own(records);
    if (state_ != State::kOpen) return;
    if (decrypted.size > 0) handler_->on_bytes(plain.first(decrypted.size));
    if (decrypted.step == TlsEngine::Step::kDone) continue;  // the buffer was full
    if (state_ != State::kOpen || decrypted.step == TlsEngine::Step::kWantsInput) return;
    return decrypted.step == TlsEngine::Step::kEnded ? end_by_peer() : fail();
  }
}

void TlsStream::keep_input() {
  if (engine_ == nullptr) return;  // the handler has detached it, input and all
  const ByteView rest = engine_->input();
  if (state_ == State::kOpen && !rest.empty())
    kept_ = std::make_unique<std::vector<std::uint8_t>>(rest.begin(), rest.end());
  engine_->give_input({});
}

// New tickets, alerts and answers to requests for new keys.
void TlsStream::send_own(std::string& records) {
  if (records.empty()) return;
  (void)below_->queue_copy(as_bytes(records));
  if (below_->queued_bytes() > kUnaskedBytesMax + kBatchBytes) abort();
}

// A peer may end its side right behind a request and still wait for the answer. All of it is encrypted now: the stream
// below goes on sending what it has when the TCP connection's end follows at once, but takes no more.
void TlsStream::end_by_peer() {
  if (state_ != State::kOpen) return;
  start_closing(CloseReason::kPeerClosed);
  encrypt(queue_.bytes());
}

// The alert is queued already. What is encrypted behind it would not be read.
void TlsStream::fail() {
  stats().broken.add();
  reason_ = CloseReason::kPeerReset;
  state_ = State::kEnding;
  queue_.clear();
  count_waiting();
  below_->close_after_flush();
}

void TlsStream::on_turn_flush() {
  if (state_ == State::kOpen && kept_ != nullptr && !reading_paused_) {
    const std::unique_ptr<std::vector<std::uint8_t>> kept = std::move(kept_);
    engine_->give_input(*kept);
    decrypt();
    keep_input();
    if (state_ == State::kOpen && !reading_paused_) below_->resume_reading();
  }
  if (is_sending()) pump();
}

// The stream below has sent what it had. Usually that was all, and nothing waits for it.
void TlsStream::on_send_drained() {
  const bool goes_on = !queue_.empty() || queue_.owes_drained();
  if (goes_on && !pumping_ && is_sending()) loop().touch(*this);
}

void TlsStream::pump() {
  pumping_ = true;
  while (is_sending() && !queue_.empty() && below_->queued_bytes() == 0) {
    encrypt(kBatchBytes);
    loop().flush_now(*below_);
  }
  pumping_ = false;
  if (!is_sending()) return;
  count_waiting();
  if (state_ == State::kOpen && queue_.take_drained()) handler_->on_send_drained();
  if (state_ == State::kClosing && queue_.empty()) end();
}

// Moves at most `bytes_max` from the queue to the stream below. Small frames share a record.
void TlsStream::encrypt(std::size_t bytes_max) {
  std::array<iovec, 256> parts;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled next
  const MutableBytes record = plain_buffer().first(TlsEngine::kRecordBytesMax);
  std::string& records = record_buffer();
  records.clear();
  std::size_t taken = 0;
  bool well = true;
  while (well && taken < bytes_max && !queue_.empty()) {
    const std::size_t filled = queue_.fill(parts);
    std::size_t size = 0;
    if (filled == 1 || parts.front().iov_len >= record.size()) {
      size = std::min(parts.front().iov_len, kBatchBytes);
      well = engine_->write({static_cast<const std::uint8_t*>(parts.front().iov_base), size}, records);
    } else {
      for (std::size_t i = 0; i < filled && size < record.size(); ++i) {
        const std::size_t piece = std::min(parts[i].iov_len, record.size() - size);
        std::memcpy(record.data() + size, parts[i].iov_base, piece);
        size += piece;
      }
      well = engine_->write(record.first(size), records);
    }
    queue_.consume(size);
    taken += size;
  }
  (void)below_->queue_copy(as_bytes(records));
  give_back_if_large(records);
  if (!well) fail();
}

void TlsStream::end() {
  std::string& records = record_buffer();
  records.clear();
  engine_->end(records);
  (void)below_->queue_copy(as_bytes(records));
  state_ = State::kEnding;
  below_->close_after_flush();
  loop().flush_now(*below_);
}

void TlsStream::count_waiting() noexcept {
  const auto waiting = static_cast<std::uint32_t>(queue_.bytes());
  if (waiting == waiting_bytes_) return;
  loop().mutable_stats().waiting_bytes.add(std::int64_t{waiting} - std::int64_t{waiting_bytes_});
  waiting_bytes_ = waiting;
}

void TlsStream::on_closed(CloseReason reason) {
  const bool is_ours = state_ != State::kOpen && (reason == CloseReason::kFlushed || reason == CloseReason::kAborted ||
                                                  reason == CloseReason::kPeerClosed);
  state_ = State::kClosed;
  deadline_.reset();
  kept_.reset();
  if (handler_ != nullptr) handler_->on_closed(is_ours ? reason_ : reason);
  queue_.clear();
  count_waiting();
}

}  // namespace fanfare::tls
