// ProxyAcceptor: reads the PROXY header of connections that come from a trusted proxy, and hands them on with the
// client's address.
//
// A trusted peer has to send a header: guessing whether there is one would let a client write its own through a proxy
// that adds none. Connections of others are handed on as they are.
//
// Thread: one loop.
// Bound:  `pending_max` connections that owe their header, each at most kProxyHeaderBytesMax; what comes above is
// closed.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "base/counter.h"
#include "net/listener.h"
#include "net/pending_streams.h"
#include "net/stream.h"
#include "net/timer_wheel.h"
#include "net/trusted_proxies.h"

namespace fanfare::net {

// Thread: written by its loop; read by any, relaxed.
struct alignas(64) ProxyStats {
  Counter headers;           // read well
  Counter invalid;           // connections closed: their bytes were no header
  Counter timeouts;          // connections closed: no header came in time, or it ended before
  Counter refused_at_limit;  // closed at once
};

class ProxyAcceptor;

// A connection from its accepting to the end of its header.
class ProxyHandshake final : public PendingStreams<ProxyHandshake>::Place, private StreamHandler {
 public:
  ProxyHandshake(ProxyAcceptor& owner, std::unique_ptr<Stream> stream);
  ~ProxyHandshake() = default;
  ProxyHandshake(const ProxyHandshake&) = delete;
  ProxyHandshake& operator=(const ProxyHandshake&) = delete;

  void abort();

 private:
  void on_bytes(MutableBytes bytes) override;
  void on_closed(CloseReason reason) override;
  void on_timeout();

  ProxyAcceptor& owner_;
  std::unique_ptr<Stream> stream_;  // null: handed on
  std::string begun_;               // of a header that came in pieces
  bool is_over_ = false;
  TimerOf<ProxyHandshake, &ProxyHandshake::on_timeout> timer_{*this};
};

class ProxyAcceptor final : public AcceptHandler {
 public:
  // All must outlive the acceptor.
  ProxyAcceptor(EventLoop& loop, const TrustedProxies& trusted, std::chrono::milliseconds header_timeout,
                std::size_t pending_max, ProxyStats& stats, AcceptHandler& next);

  void on_accepted(std::unique_ptr<Stream> stream, MutableBytes unread) override;
  // Ends the connections that owe their header.
  void drain();

 private:
  friend class ProxyHandshake;

  EventLoop& loop_;
  const TrustedProxies& trusted_;
  const std::chrono::milliseconds header_timeout_;
  const std::size_t pending_max_;
  ProxyStats& stats_;
  AcceptHandler& next_;
  PendingStreams<ProxyHandshake> pending_;
};

}  // namespace fanfare::net
