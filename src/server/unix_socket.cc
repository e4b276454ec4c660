#include "server/unix_socket.h"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/startup_error.h"

namespace fanfare::server {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  throw StartupError("cannot listen on the Unix socket " + path + ": " + why);
}

[[noreturn]] void refuse_by_system(const std::string& path, const char* step) {
  refuse(path, std::string(step) + ": " + std::generic_category().message(errno));
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) refuse(path, "its path has more than 107 bytes");
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

net::UniqueFd make_socket(const std::string& path) {
  net::UniqueFd made(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) refuse_by_system(path, "socket");
  return made;
}

// What a process that did not end well has left.
void remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return;
  if (!S_ISSOCK(facts.st_mode)) refuse(path, "there is something there that is no socket");
  const net::UniqueFd probe = make_socket(path);
  const int connected = ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  if (connected == 0 || errno != ECONNREFUSED) refuse(path, "another process listens there: stop it first");
  if (::unlink(path.c_str()) != 0) refuse_by_system(path, "unlink");
}

}  // namespace

UnixSocket::UnixSocket(const std::string& path, mode_t mode, int backlog) : path_(path), socket_(make_socket(path)) {
  const sockaddr_un address = address_of(path);
  remove_stale(path, address);
  if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    refuse_by_system(path, "bind");
  }
  // Before listen(), until when nobody can connect.
  struct stat facts {};
  if (::chmod(path.c_str(), mode) != 0 || ::lstat(path.c_str(), &facts) != 0) refuse_by_system(path, "chmod");
  device_ = facts.st_dev;
  inode_ = facts.st_ino;
  if (::listen(socket_.get(), backlog) != 0) refuse_by_system(path, "listen");
}

UnixSocket::~UnixSocket() {
  struct stat facts {};
  if (::lstat(path_.c_str(), &facts) != 0 || facts.st_dev != device_ || facts.st_ino != inode_) return;
  ::unlink(path_.c_str());
}

std::vector<net::UniqueFd> UnixSocket::share(std::size_t count) const {
  std::vector<net::UniqueFd> shared;
  for (std::size_t i = 0; i < count; ++i) {
    shared.emplace_back(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0));
    if (!shared.back()) refuse_by_system(path_, "fcntl");
  }
  return shared;
}

}  // namespace fanfare::server
