// TestSocket: a blocking TCP client of this machine with a deadline, for speaking any bytes to a server under test.
//
// Thread: one at a time.
// Fails:  throws Timeout when nothing happens for kPatience.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "net/unique_fd.h"

namespace fanfare::test {

class TestSocket {
 public:
  // `receive_buffer`: bytes that the kernel keeps for a client that does not read; 0: as it likes.
  explicit TestSocket(std::uint16_t port, int receive_buffer = 0);

  // Sends everything, or throws.
  void send(std::string_view bytes);
  // False: the server closed or reset the connection.
  bool try_send(std::string_view bytes);
  // Sends what the kernel takes without waiting; returns how much that was.
  std::size_t send_some(std::string_view bytes);

  // Waits for bytes and appends them. False: the connection has ended; was_reset() tells how.
  bool receive(std::string& to);
  bool was_reset() const noexcept { return was_reset_; }
  // Whether something is there to receive (the end counts) within `milliseconds`.
  bool is_readable(int milliseconds = 0) const;

  // Half close: no more bytes from here.
  void end();
  void close() { socket_.reset(); }
  // RST instead of FIN.
  void reset();

  std::uint16_t local_port() const;
  int fd() const noexcept { return socket_.get(); }

 private:
  void wait_for(short events) const;

  net::UniqueFd socket_;
  bool was_reset_ = false;
};

}  // namespace fanfare::test
