// What can be set about sockets and loops; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/send_queue_limits.h"

namespace fanfare::net {

// How bytes get into many sockets. kAuto and kIoUring: by io_uring where the kernel lets us, many a system call; the
// two differ in how loud a refusal is told.
enum class IoEngine : std::uint8_t { kAuto, kEpoll, kIoUring };

struct NetOptions {
  // An address in digits, "localhost", "0.0.0.0" (every IPv4 address) or "::" (every address of both families).
  std::string host = "127.0.0.1";
  std::uint16_t port = 6001;  // 0: the kernel picks one
  // A Unix socket that serves the same; empty: none. What an earlier process left there is removed.
  std::string unix_socket;
  std::string unix_socket_mode = "0660";  // octal

  // Whose X-Forwarded-For and X-Forwarded-Proto are believed: networks, and "unix:" for the Unix socket.
  std::vector<std::string> trusted_proxies;
  bool proxy_protocol = false;  // whether they also begin every connection with a PROXY header
  std::chrono::milliseconds proxy_header_timeout{5000};

  // Connections that the kernel keeps while the loop is busy. The kernel's net.core.somaxconn caps it.
  int listen_backlog = 4096;

  std::uint16_t loops = 0;  // worker threads; 0: as many as the process may use cores
  bool pin_loops = false;   // bind each to a core of its own
  IoEngine io_engine = IoEngine::kAuto;
  std::uint32_t io_uring_sockets_min = 4;  // sockets to send to at the end of a turn; below it they take a call each

  // What is queued for one client.
  SendQueueLimits send_queue;
  // How long a loop that is busy lets an event for a client wait for more, so that they share a write; 0: not at all.
  std::chrono::milliseconds flush_delay{1};
  // After close_after_flush(): how long the peer has to take the rest and to close its side.
  std::chrono::milliseconds linger_timeout{5000};

  // Fairness: what one socket and one listener may take of a turn before the others have theirs.
  std::size_t receive_bytes_per_turn = 256UL * 1024;
  std::size_t accepts_per_turn = 128;

  // Publishes and deliveries that may wait for one loop; beyond it they are refused.
  std::size_t mailbox_places = 65'536;
  std::size_t mailbox_tasks_per_turn = 4096;
};

}  // namespace fanfare::net
