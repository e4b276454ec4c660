// TlsAcceptor: shakes hands with what a listener accepts, and hands on what came through it.
//
// The arithmetic of a handshake takes a good part of a millisecond, so a loop does only some of them in a turn; the
// others wait for the next one, in their order, and the clients that are connected are served in between.
//
// Thread: one loop.
// Bound:  `pending_max` handshakes at once, each with what one read of its socket gives; what comes above is closed.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include "net/listener.h"
#include "net/pending_streams.h"
#include "tls/options.h"
#include "tls/tls_context.h"
#include "tls/tls_engine.h"
#include "tls/tls_stats.h"

namespace fanfare::tls {

class TlsAcceptor;

// A connection from its accepting to the end of its handshake.
class TlsHandshake final : public net::PendingStreams<TlsHandshake>::Place, private net::StreamHandler {
 public:
  TlsHandshake(TlsAcceptor& owner, std::unique_ptr<net::Stream> stream, std::unique_ptr<TlsEngine> engine,
               ByteView unread);
  ~TlsHandshake();
  TlsHandshake(const TlsHandshake&) = delete;
  TlsHandshake& operator=(const TlsHandshake&) = delete;

  // Takes the step for which the bytes are there.
  void advance();
  void abort();

 private:
  // net::StreamHandler
  void on_bytes(MutableBytes bytes) override;
  void on_closed(net::CloseReason reason) override;

  void keep(ByteView bytes);
  void on_timeout();
  void finish();
  void refuse(HandshakeFailure failure);
  bool is_plain_text() const noexcept;

  TlsAcceptor& owner_;
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<TlsEngine> engine_;
  std::vector<std::uint8_t> received_;  // that nobody has looked at; reading is paused while there is something
  net::TimerOf<TlsHandshake, &TlsHandshake::on_timeout> timer_{*this};
  bool has_begun_ = false;
  bool is_over_ = false;     // failed, the reason is counted
  bool is_waiting_ = false;  // in the acceptor's queue

  friend class TlsAcceptor;
};

class TlsAcceptor final : public net::AcceptHandler, private net::TurnHook {
 public:
  // All must outlive the acceptor, and `stats` the connections that it handed on, too. `context` is in force until
  // replace().
  TlsAcceptor(net::EventLoop& loop, const TlsOptions& options, std::size_t pending_max,
              std::shared_ptr<const TlsContext> context, const TlsStatsOfLoops& stats, net::AcceptHandler& next);
  ~TlsAcceptor();
  TlsAcceptor(const TlsAcceptor&) = delete;
  TlsAcceptor& operator=(const TlsAcceptor&) = delete;

  void on_accepted(std::unique_ptr<net::Stream> stream, MutableBytes unread) override;

  // For connections that begin from now on.
  void replace(std::shared_ptr<const TlsContext> context) noexcept { context_ = std::move(context); }
  // Ends the handshakes that are under way.
  void drain();

 private:
  friend class TlsHandshake;

  bool on_turn() override;
  void wait_for_turn(TlsHandshake& handshake);
  void note_failure(HandshakeFailure failure, const net::SocketAddress& peer);
  void remove(TlsHandshake& handshake);

  net::EventLoop& loop_;
  const TlsOptions& options_;
  const std::size_t pending_max_;
  std::shared_ptr<const TlsContext> context_;
  net::AcceptHandler& next_;
  const TlsStatsOfLoops& stats_of_loops_;
  TlsStats& stats_;  // of our loop
  net::PendingStreams<TlsHandshake> pending_;
  std::deque<TlsHandshake*> waiting_;  // null: it has gone meanwhile
};

}  // namespace fanfare::tls
