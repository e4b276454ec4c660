// IoBackend: what a loop needs of the kernel, told as completions, so that an engine may work by readiness (epoll) or
// by submitted operations (io_uring).
//
// Thread: all but wake(): the loop's.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include <sys/uio.h>

#include "base/bytes.h"
#include "net/net_stats.h"
#include "net/options.h"
#include "net/round_list.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"

namespace fanfare::net {

// State that the engine keeps in each socket of its own, so that it needs no table.
class IoTarget {
 public:
  IoTarget(const IoTarget&) = delete;
  IoTarget& operator=(const IoTarget&) = delete;

  bool is_attached() const noexcept { return fd_ >= 0; }

 protected:
  enum class Kind : std::uint8_t { kSocket, kAcceptor };
  explicit IoTarget(Kind kind) : kind_(kind) {}
  virtual ~IoTarget() = default;

 private:
  friend class EpollBackend;
  friend class SendBatch;

  int fd_ = -1;
  std::uint32_t ready_slot_ = kNotListed;
  std::uint32_t batch_slot_ = kNotListed;
  const Kind kind_ : 1;
  bool wants_input_ : 1 = false;
  bool has_input_ : 1 = false;     // the kernel may hold more than was read
  bool input_ends_ : 1 = false;    // the kernel told of the peer's end or of an error: it comes behind the last byte
  bool wants_output_ : 1 = false;  // a send was short
};

struct SendResult {
  std::size_t sent = 0;  // taken by the kernel
  int error = 0;         // not 0: the connection is broken
  bool pending = false;  // not all of it was taken: on_send_ready() follows
};

// A connected socket. Every callback comes out of IoBackend::dispatch() or send_batch(); detach() ends them.
class IoSocket : public IoTarget {
 public:
  // Valid during the call, with kSpareBytes behind.
  virtual void on_received(MutableBytes bytes) = 0;
  // 0: the peer sent its end; else the errno that broke the connection, also noticed while receiving is paused.
  virtual void on_receive_ended(int error) = 0;
  // Follows a send that was not complete: `sent` more bytes of it have gone, and the rest may be given again.
  virtual void on_send_ready(std::size_t sent) = 0;

  // All three follow IoBackend::join_batch(), out of send_batch(), and nothing else is called between the first two.
  // The first points `parts` to what is to be sent and returns how many it has filled; 0: nothing any more. The second
  // tells what became of it, and calls nobody: others that were sent with it are to be told, too. The third is for what
  // follows: not 0, the connection is broken; else, unless the result was pending, the rest may be given to send().
  virtual std::size_t on_batch_fill(std::span<iovec> parts) = 0;
  virtual void on_batch_sent(const SendResult& result) noexcept = 0;
  virtual void on_batch_over(int error) = 0;

 protected:
  IoSocket() : IoTarget(Kind::kSocket) {}
};

class IoAcceptor : public IoTarget {
 public:
  virtual void on_accepted(UniqueFd connected, const SocketAddress& peer) = 0;
  // The kernel lacks memory or descriptors; accepting pauses until start_accepting().
  virtual void on_accept_exhausted(int error) = 0;

 protected:
  IoAcceptor() : IoTarget(Kind::kAcceptor) {}
};

class IoBackend {
 public:
  IoBackend() = default;
  IoBackend(const IoBackend&) = delete;
  IoBackend& operator=(const IoBackend&) = delete;
  virtual ~IoBackend() = default;

  // Registers a non-blocking socket, with receiving or accepting still off; the caller keeps the descriptor open until
  // detach(). Returns 0 or the errno: the kernel has no room for another one.
  [[nodiscard]] virtual int attach(IoSocket& socket, int fd) = 0;
  [[nodiscard]] virtual int attach(IoAcceptor& acceptor, int fd) = 0;
  virtual void detach(IoTarget& target) noexcept = 0;

  virtual void set_receiving(IoSocket& socket, bool on) = 0;
  virtual void start_accepting(IoAcceptor& acceptor) = 0;
  // Starts one gather write. Not called again before on_send_ready() where the result is pending.
  virtual SendResult send(IoSocket& socket, std::span<iovec> parts) = 0;

  // Lets the sends of about `sockets` sockets, up to send_batch(), share system calls, where the engine knows how and
  // it pays.
  virtual void begin_batch(std::size_t sockets) = 0;
  // The socket sends with the batch; on_batch_fill() follows. False: there is none, and it is for send(). Not called
  // while a send of this socket is pending, nor twice for a batch.
  [[nodiscard]] virtual bool join_batch(IoSocket& socket) = 0;
  // Ends the batch: sends for all that have joined it.
  virtual void send_batch() = 0;
  // Why the engine has no batches although NetOptions ask for them. Empty: it has, or they do not.
  virtual const std::string& batch_refusal() const noexcept = 0;

  // Waits, at most `wait_max` and not at all when sockets have unread input left over.
  virtual void wait(std::chrono::milliseconds wait_max) = 0;
  // Runs the callbacks of what wait() found and of what was left over.
  virtual void dispatch() = 0;
  // Ends a wait() that goes on, or the next one. Thread: any.
  virtual void wake() noexcept = 0;
  // Whether dispatch() has something to do without the kernel.
  virtual bool has_leftover() const noexcept = 0;
};

// Called between receiving bytes and handing them out.
//
// What another loop posted before it answered a client must be done before anything that the client sent afterwards:
// the loop runs its mailbox here, since those bytes may have arrived later than the turn began.
class InputGate {
 public:
  virtual void before_input() = 0;

 protected:
  ~InputGate() = default;
};

// Waits by epoll, and sends as NetOptions::io_engine says.
// Fails: StartupError. All must outlive the backend.
std::unique_ptr<IoBackend> make_io_backend(const NetOptions& options, NetStats& stats, InputGate& gate);

}  // namespace fanfare::net
