#include "net/port_claim.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include <dirent.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/startup_error.h"
#include "net/unique_fd.h"

namespace fanfare::net {

namespace {

template <typename Integer>
std::optional<Integer> parse_integer(std::string_view text, int base) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "0100007F:1770": the address as 32-bit words of the machine's byte order, then the port.
SocketAddress parse_proc_address(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const auto port = parse_integer<std::uint16_t>(text.substr(colon + 1), 16);
  const std::string_view digits = text.substr(0, colon);
  if (!port || (digits.size() != 8 && digits.size() != 32)) return {};
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i * 8 < digits.size(); ++i) {
    const auto word = parse_integer<std::uint32_t>(digits.substr(i * 8, 8), 16);
    if (!word) return {};
    words[i] = *word;
  }
  if (digits.size() == 8) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(*port);
    std::memcpy(&ipv4.sin_addr, words.data(), 4);
    return SocketAddress::from_native(reinterpret_cast<const sockaddr*>(&ipv4));
  }
  sockaddr_in6 ipv6{};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = htons(*port);
  std::memcpy(&ipv6.sin6_addr, words.data(), 16);
  return SocketAddress::from_native(reinterpret_cast<const sockaddr*>(&ipv6));
}

bool excludes(const SocketAddress& listening, const SocketAddress& wanted) {
  if (listening.port() != wanted.port()) return false;
  return listening.is_any() || wanted.is_any() || listening.with_port(0) == wanted.with_port(0);
}

// The inode of a socket that listens where `wanted` does. Format: proc(5), /proc/net/tcp.
std::optional<std::uint64_t> find_listening_inode(const char* table, const SocketAddress& wanted) {
  constexpr std::string_view kListening = "0A";
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // the headings
  while (std::getline(file, line)) {
    std::istringstream columns(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    columns >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >> timeout >> inode;
    if (state != kListening || !excludes(parse_proc_address(local), wanted)) continue;
    const auto value = parse_integer<std::uint64_t>(inode, 10);
    if (value && *value != 0) return value;
  }
  return std::nullopt;
}

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

Directory open_directory(const std::string& path) { return {::opendir(path.c_str()), &::closedir}; }

bool has_descriptor(const std::string& process, const std::string& wanted_link) {
  const std::string path = "/proc/" + process + "/fd";
  const Directory directory = open_directory(path);
  if (directory == nullptr) return false;
  while (const dirent* entry = ::readdir(directory.get())) {
    std::array<char, 64> link{};
    const ssize_t length = ::readlink((path + "/" + entry->d_name).c_str(), link.data(), link.size());
    if (length > 0 && std::string_view(link.data(), static_cast<std::size_t>(length)) == wanted_link) return true;
  }
  return false;
}

// Empty: it belongs to another user, whose descriptors we may not see.
std::string find_process_with(std::uint64_t inode) {
  const std::string wanted_link = "socket:[" + std::to_string(inode) + "]";
  const Directory directory = open_directory("/proc");
  if (directory == nullptr) return {};
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string process = entry->d_name;
    if (parse_integer<std::uint32_t>(process, 10) && has_descriptor(process, wanted_link)) return process;
  }
  return {};
}

// "process 4711 (fanfare)"
std::string describe_owner(const SocketAddress& wanted) {
  auto inode = find_listening_inode("/proc/net/tcp", wanted);
  if (!inode) inode = find_listening_inode("/proc/net/tcp6", wanted);
  const std::string process = inode ? find_process_with(*inode) : std::string();
  if (process.empty()) return "a process that this user may not see";
  std::ifstream file("/proc/" + process + "/comm");
  std::string name;
  std::getline(file, name);
  return "process " + process + (name.empty() ? "" : " (" + name + ")");
}

[[noreturn]] void throw_unusable(const SocketAddress& address, int error) {
  const std::string what = "cannot listen on " + address.to_string() + ": ";
  switch (error) {
    case EADDRINUSE:
      throw StartupError(what + "the port is taken by " + describe_owner(address) +
                         "; stop that process or choose another port");
    case EACCES:
      throw StartupError(what +
                         "ports below 1024 need the right to bind them; choose another port, or give the program " +
                         "CAP_NET_BIND_SERVICE");
    case EADDRNOTAVAIL:
      throw StartupError(what + "this machine has no such address; use 0.0.0.0 for all of them");
    case EAFNOSUPPORT:
      throw StartupError(what + "this system has IPv6 switched off; use an IPv4 address such as 0.0.0.0");
    default:
      throw StartupError(what + std::generic_category().message(error));
  }
}

}  // namespace

void claim_port(const SocketAddress& address) {
  const UniqueFd probe(::socket(address.native_family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!probe) throw_unusable(address, errno);
  const int on = 1;
  const int off = 0;
  // Lets connections of an earlier run that are still ending pass; a listening socket stays in the way.
  ::setsockopt(probe.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (address.is_ipv6()) ::setsockopt(probe.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  sockaddr_storage native;
  const socklen_t length = address.to_native(native);
  if (::bind(probe.get(), reinterpret_cast<const sockaddr*>(&native), length) != 0) throw_unusable(address, errno);
}

}  // namespace fanfare::net
