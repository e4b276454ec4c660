// Listener: accepts connections of one listening socket on one loop; and the sockets that several loops share a port
// by.
#pragma once

#include <memory>
#include <vector>

#include "base/once_a_minute.h"
#include "base/result.h"
#include "net/event_loop.h"
#include "net/io_backend.h"
#include "net/socket_address.h"
#include "net/stream.h"
#include "net/unique_fd.h"

namespace fanfare::net {

class AcceptHandler {
 public:
  // The stream has TCP_NODELAY set. The handler sets its own StreamHandler on it and treats `unread`, which a layer
  // below has received already (empty: nothing), as the first that it reads: valid during the call, 64 more bytes of
  // the same memory behind it. The stream must not be destroyed inside the call: EventLoop::defer().
  virtual void on_accepted(std::unique_ptr<Stream> stream, MutableBytes unread) = 0;

 protected:
  ~AcceptHandler() = default;
};

// `count` listening sockets on one address, between which the kernel spreads the connections (SO_REUSEPORT). With port
// 0 the first one's port is everyone's. Take the port with claim_port() first: this call would share one with another
// program. Thread: any, before the loops run.
Result<std::vector<UniqueFd>> open_listen_sockets(const SocketAddress& address, std::size_t count, int backlog);

// Thread: its loop (made and destroyed there, or while the loop does not run).
class Listener final : private IoAcceptor {
 public:
  // Accepts from the next turn on. `handler` must outlive the listener.
  // Fails: StartupError, when the kernel cannot watch another descriptor.
  Listener(EventLoop& loop, UniqueFd listening, AcceptHandler& handler);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() override;

  // Closes the socket; connections that the kernel has not yet handed out are reset. Repeating it does nothing.
  void stop();
  SocketAddress local_address() const noexcept { return local_address_; }

 private:
  void on_accepted(UniqueFd connected, const SocketAddress& peer) override;
  void on_accept_exhausted(int error) override;
  void retry();

  EventLoop& loop_;
  AcceptHandler& handler_;
  UniqueFd socket_;
  SocketAddress local_address_;
  OnceAMinute pauses_;  // its log line: the retries come ten times a second
  TimerOf<Listener, &Listener::retry> retry_timer_{*this};
};

}  // namespace fanfare::net
