// A connection of the floor: a socket and what could not be read or written in one go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/unique_fd.h"

namespace fanfare::floor {

struct Connection;

// A request to io_uring that is not over.
struct Standing {
  Connection* connection = nullptr;
  bool is_for_writing = false;
};

struct Connection {
  enum class Kind : std::uint8_t { kUnknown, kWebSocket, kHttp };

  net::UniqueFd socket;
  Kind kind = Kind::kUnknown;
  std::int64_t room = -1;   // none
  std::size_t place = 0;    // in the room
  std::string received;     // of an incomplete request or frame
  std::string backlog;      // what the kernel did not take
  bool is_waiting = false;  // for the socket to take more
  Standing reading{};
  Standing writing{};
  int standing = 0;  // of these two
};

using Members = std::vector<Connection*>;

}  // namespace fanfare::floor
