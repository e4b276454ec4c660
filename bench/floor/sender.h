// How ready bytes get into many sockets: one system call each, or a ring of them.
//
// Thread: one.
#pragma once

#include <memory>
#include <string_view>

#include "connection.h"

namespace fanfare::floor {

class Sender {
 public:
  Sender() = default;
  Sender(const Sender&) = delete;
  Sender& operator=(const Sender&) = delete;
  virtual ~Sender() = default;

  // Sends `bytes` to all of `members` but `except`, which may be null. What a socket does not take waits in its
  // backlog.
  virtual void send_to_all(const Members& members, std::string_view bytes, const Connection* except) = 0;
};

std::unique_ptr<Sender> make_send_sender();
// Null: the kernel has no io_uring for us.
std::unique_ptr<Sender> make_ring_sender();

// One send().
void send_or_keep(Connection& connection, std::string_view bytes);
// Keeps what is left of `bytes` once `taken` of them were sent; negative: none.
void keep_rest(Connection& connection, std::string_view bytes, std::ptrdiff_t taken);

}  // namespace fanfare::floor
