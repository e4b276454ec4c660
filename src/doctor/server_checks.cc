#include "doctor/server_checks.h"

#include <filesystem>
#include <optional>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/startup_error.h"
#include "config/config.h"
#include "net/port_claim.h"
#include "net/send_ring.h"
#include "net/socket_address.h"

namespace fanfare::doctor {

namespace {

PortFound find_port(std::string setting, const std::string& host, std::uint16_t port) {
  PortFound found{.setting = std::move(setting), .address = fmt::format("{}:{}", host, port)};
  const Result<net::SocketAddress> address = net::SocketAddress::resolve_blocking(host, port);
  if (!address.ok()) {
    found.refusal = address.error().message;
    return found;
  }
  found.address = address->to_string();
  try {
    net::claim_port(*address);
  } catch (const StartupError& error) {
    found.refusal = error.what();
  }
  return found;
}

constexpr std::uint32_t kPrivate = 0700;
constexpr std::uint32_t kOthers = 0077;

}  // namespace

Check check_configuration(const Result<config::Loaded>& loaded) {
  Check check{.id = "configuration", .needed = "no fault"};
  if (!loaded.ok()) {
    check.verdict = Verdict::kFail;
    check.found = loaded.error().message;
    return check;
  }
  const std::size_t apps = loaded->config.apps.size();
  check.found = fmt::format("{}, {}", loaded->file.empty() ? "no file" : loaded->file,
                            apps == 0 ? "no app: the first start makes one" : fmt::format("{} app(s)", apps));
  return check;
}

std::vector<PortFound> find_ports(const config::Config& config) {
  std::vector<PortFound> ports{find_port("server.port", config.net.host, config.net.port)};
  if (config.metrics.enabled) ports.push_back(find_port("metrics.port", config.metrics.host, config.metrics.port));
  if (config.gateway.enabled) ports.push_back(find_port("gateway.port", config.gateway.host, config.gateway.port));
  return ports;
}

Check check_port(const PortFound& port) {
  Check check{.id = port.setting, .needed = port.address + " to listen on"};
  if (port.refusal.empty()) {
    check.found = "free";
    return check;
  }
  check.verdict = Verdict::kFail;
  check.found = port.refusal;
  return check;
}

std::string find_io_uring_refusal() {
  const auto ring = net::SendRing::open();
  return ring.ok() ? std::string() : ring.error().message;
}

Check check_io_engine(net::IoEngine wanted, const std::string& refusal) {
  Check check{.id = "server.io_engine", .needed = "io_uring, for cheaper events to many connections"};
  if (wanted == net::IoEngine::kEpoll) {
    check.needed = "epoll, as configured";
    check.found = "epoll";
    return check;
  }
  if (refusal.empty()) {
    check.found = "io_uring";
    return check;
  }
  check.found = "epoll: the kernel refuses io_uring: " + refusal;
  if (wanted == net::IoEngine::kAuto) return check;
  check.verdict = Verdict::kWarn;
  check.remedies = set_sysctl("kernel.io_uring_disabled", "0");
  check.remedies.push_back({"fanfare.toml, [server]", "io_engine = \"epoll\""});
  return check;
}

FolderFound find_folder(const std::string& path) {
  FolderFound found{.path = path, .user = ::geteuid()};
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    found.is_there = true;
    found.is_folder = S_ISDIR(status.st_mode);
    found.owner = status.st_uid;
    found.mode = status.st_mode & 07777U;
  }
  std::error_code error;
  std::filesystem::path existing = std::filesystem::absolute(path, error);
  while (!std::filesystem::exists(existing, error) && existing.has_relative_path()) existing = existing.parent_path();
  found.existing = existing.string();
  found.is_writable = ::faccessat(AT_FDCWD, found.existing.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  return found;
}

Check check_data_folder(const FolderFound& folder, bool needed) {
  Check check{.id = "server.data_dir",
              .needed = needed
                            ? "a folder of this user alone, writable, for the app that the first start makes"
                            : "a folder of this user alone, writable; nothing is kept there while apps are configured"};
  // Where the apps are configured it is not written to: no reason not to start.
  const Verdict bad = needed ? Verdict::kFail : Verdict::kWarn;
  if (folder.is_there && !folder.is_folder) {
    check.verdict = bad;
    check.found = folder.path + " is not a folder";
    return check;
  }
  if (!folder.is_writable) {
    check.verdict = bad;
    check.found = fmt::format("{} cannot be written by this user", folder.existing);
    check.remedies = {{"run", fmt::format("install -d -m 0700 -o {} {}", folder.user, folder.path)}};
    return check;
  }
  if (!folder.is_there) {
    check.found = fmt::format("{} will be made in {}", folder.path, folder.existing);
    return check;
  }
  check.found = fmt::format("{}, mode {:04o}", folder.path, folder.mode);
  if ((folder.mode & kOthers) == 0 && folder.owner == folder.user) return check;
  check.verdict = Verdict::kWarn;
  if (folder.owner != folder.user) check.found += ", of another user";
  check.remedies = {{"run", fmt::format("chown {} {}", folder.user, folder.path)},
                    {"run", fmt::format("chmod {:04o} {}", kPrivate, folder.path)}};
  return check;
}

}  // namespace fanfare::doctor
