// How bytes come out of many sockets: told by epoll and read by recv(), or read by io_uring into buffers of its own.
//
// Thread: one.
#pragma once

#include <memory>

#include "base/bytes.h"
#include "connection.h"
#include "net/unique_fd.h"

namespace fanfare::floor {

class InputHandler {
 public:
  virtual Connection& on_accepted(net::UniqueFd socket) = 0;
  // Behind bytes that the connection still holds in `received`; what is left over goes there.
  virtual void on_bytes(Connection& connection, MutableBytes bytes) = 0;
  virtual void on_end(Connection& connection) = 0;  // the peer's
  virtual void on_writable(Connection& connection) = 0;
  // Nothing will be told of it any more: it may be destroyed.
  virtual void on_released(Connection& connection) = 0;

 protected:
  ~InputHandler() = default;
};

class Input {
 public:
  Input() = default;
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  virtual ~Input() = default;

  // Waits for something to tell, at most so long, and tells it. Negative: as long as it takes.
  virtual void turn(int wait_max_ms) = 0;
  // Once: on_writable().
  virtual void tell_writable(Connection& connection) = 0;
  // Ends it; on_released() comes by the end of this turn or a later one.
  virtual void close(Connection& connection) = 0;
};

std::unique_ptr<Input> make_epoll_input(net::UniqueFd listening, InputHandler& handler);
// Null: the kernel has no io_uring for us, or one without buffer rings (Linux 6.0).
std::unique_ptr<Input> make_ring_input(net::UniqueFd listening, InputHandler& handler);

}  // namespace fanfare::floor
