#include "tls/tls_acceptor.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "tls/tls_buffers.h"
#include "tls/tls_stream.h"

namespace fanfare::tls {

namespace {

const Logger kLog("tls");

// What a client without TLS reads.
constexpr std::string_view kPlainHttpAnswer =
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 59\r\nConnection: close\r\n"
    "\r\nThis port speaks TLS: ask for https:// or wss:// instead.\r\n";

// The first byte of every record that begins a handshake. Source: RFC 8446 section 5.1
constexpr std::uint8_t kHandshakeRecord = 22;

}  // namespace

TlsHandshake::TlsHandshake(TlsAcceptor& owner, std::unique_ptr<net::Stream> stream, std::unique_ptr<TlsEngine> engine,
                           ByteView unread)
    : owner_(owner), stream_(std::move(stream)), engine_(std::move(engine)) {
  owner_.stats_.pending.add(1);
  stream_->set_handler(*this);
  stream_->set_send_limits(kEncryptedLimits);
  owner_.loop_.schedule(timer_, owner_.options_.handshake_timeout);
  if (!unread.empty()) keep(unread);
}

TlsHandshake::~TlsHandshake() { owner_.stats_.pending.add(-1); }

void TlsHandshake::on_bytes(MutableBytes bytes) {
  if (!is_over_ && stream_ != nullptr) keep(bytes);
}

void TlsHandshake::keep(ByteView bytes) {
  received_.insert(received_.end(), bytes.begin(), bytes.end());
  stream_->pause_reading();
  owner_.wait_for_turn(*this);
}

void TlsHandshake::advance() {
  if (is_over_) return;
  if (!std::exchange(has_begun_, true) && received_.front() != kHandshakeRecord) {
    return refuse(is_plain_text() ? HandshakeFailure::kPlainHttp : HandshakeFailure::kNotTls);
  }
  std::string& records = record_buffer();
  records.clear();
  engine_->give_input(received_);
  const TlsEngine::Step step = engine_->shake(records);
  (void)stream_->queue_copy(as_bytes(records));
  if (step == TlsEngine::Step::kFailed) return refuse(engine_->failure());
  if (step == TlsEngine::Step::kDone) return finish();
  received_.clear();
  stream_->resume_reading();
}

// What the client sent behind its handshake goes on as the first bytes of the connection.
void TlsHandshake::finish() {
  TlsStats& stats = owner_.stats_;
  (engine_->version() == TlsVersion::kTls13 ? stats.handshakes_tls13 : stats.handshakes_tls12).add();
  if (engine_->is_resumed()) stats.resumed.add();
  timer_.cancel();
  const MutableBytes plain = plain_buffer();
  std::string& records = record_buffer();
  records.clear();
  const Decrypted decrypted = decrypt_input(*engine_, plain, records);
  (void)stream_->queue_copy(as_bytes(records));
  engine_->give_input({});
  stream_->resume_reading();
  auto made = std::make_unique<TlsStream>(std::move(stream_), std::move(engine_), owner_.stats_of_loops_);
  TlsStream& established = *made;  // until the end of the turn at least
  if (decrypted.step == TlsEngine::Step::kFailed) {
    established.abort();
    owner_.loop_.defer([gone = std::move(made)] {});
  } else {
    owner_.next_.on_accepted(std::move(made), plain.first(decrypted.size));
    if (decrypted.step == TlsEngine::Step::kEnded) established.end_by_peer();
  }
  owner_.remove(*this);
}

void TlsHandshake::refuse(HandshakeFailure failure) {
  is_over_ = true;
  owner_.note_failure(failure, stream_->peer_address());
  if (failure == HandshakeFailure::kPlainHttp) (void)stream_->queue_copy(as_bytes(kPlainHttpAnswer));
  timer_.cancel();
  stream_->close_after_flush();
}

// A method's name, as a client that has mistaken the port begins.
bool TlsHandshake::is_plain_text() const noexcept { return received_.front() >= 'A' && received_.front() <= 'Z'; }

void TlsHandshake::on_timeout() {
  is_over_ = true;
  owner_.note_failure(HandshakeFailure::kTimeout, stream_->peer_address());
  stream_->abort();
}

void TlsHandshake::abort() {
  is_over_ = true;
  timer_.cancel();
  stream_->abort();
}

void TlsHandshake::on_closed(net::CloseReason) {
  if (!std::exchange(is_over_, true)) owner_.note_failure(HandshakeFailure::kPeerClosed, stream_->peer_address());
  owner_.remove(*this);
}

TlsAcceptor::TlsAcceptor(net::EventLoop& loop, const TlsOptions& options, std::size_t pending_max,
                         std::shared_ptr<const TlsContext> context, const TlsStatsOfLoops& stats,
                         net::AcceptHandler& next)
    : loop_(loop),
      options_(options),
      pending_max_(pending_max),
      context_(std::move(context)),
      next_(next),
      stats_of_loops_(stats),
      stats_(*stats[loop.index().value()]),
      pending_(loop) {
  loop_.add_turn_hook(*this);
}

TlsAcceptor::~TlsAcceptor() { loop_.remove_turn_hook(*this); }

void TlsAcceptor::on_accepted(std::unique_ptr<net::Stream> stream, MutableBytes unread) {
  std::unique_ptr<TlsEngine> engine;
  if (pending_.size() < pending_max_) engine = TlsEngine::create(context_);
  if (engine == nullptr) {
    stats_.refused_at_limit.add();
    stream->abort();
    return loop_.defer([refused = std::move(stream)] {});
  }
  pending_.add(std::make_unique<TlsHandshake>(*this, std::move(stream), std::move(engine), unread));
}

void TlsAcceptor::wait_for_turn(TlsHandshake& handshake) {
  if (std::exchange(handshake.is_waiting_, true)) return;
  waiting_.push_back(&handshake);
}

bool TlsAcceptor::on_turn() {
  for (std::size_t i = 0; i < options_.handshakes_per_turn && !waiting_.empty(); ++i) {
    TlsHandshake* handshake = waiting_.front();
    waiting_.pop_front();
    if (handshake == nullptr) continue;
    handshake->is_waiting_ = false;
    handshake->advance();
  }
  return !waiting_.empty();
}

void TlsAcceptor::drain() {
  pending_.for_each([](TlsHandshake& handshake) { handshake.abort(); });
}

void TlsAcceptor::note_failure(HandshakeFailure failure, const net::SocketAddress& peer) {
  stats_.failures[static_cast<std::size_t>(failure)].add();
  const std::string reason = handshake_failure_name(failure);
  kLog.debug("handshake failed", {{"reason", reason}, {"address", peer.ip_text()}});
}

void TlsAcceptor::remove(TlsHandshake& handshake) {
  if (handshake.is_waiting_)
    std::replace(waiting_.begin(), waiting_.end(), &handshake, static_cast<TlsHandshake*>(nullptr));
  pending_.remove(handshake);
}

}  // namespace fanfare::tls
