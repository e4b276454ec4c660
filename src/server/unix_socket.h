// UnixSocket: a listening socket in the file system, for this process alone.
//
// Thread: the main thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <sys/types.h>

#include "net/unique_fd.h"

namespace fanfare::server {

class UnixSocket {
 public:
  // Takes the place of a socket that nobody listens on any more.
  // Fails: StartupError: another process listens there, there is something else than a socket, or no right to it.
  UnixSocket(const std::string& path, mode_t mode, int backlog);
  UnixSocket(const UnixSocket&) = delete;
  UnixSocket& operator=(const UnixSocket&) = delete;
  ~UnixSocket();  // takes the file away, if it is still this one

  // `count` descriptors of it: several loops accept from one queue.
  std::vector<net::UniqueFd> share(std::size_t count) const;

 private:
  std::string path_;
  net::UniqueFd socket_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace fanfare::server
