// What the server itself needs to start: a good configuration, ports, a folder. The find_ functions look, the check_
// functions judge and are pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/load.h"
#include "doctor/check.h"
#include "net/options.h"

namespace fanfare::doctor {

Check check_configuration(const Result<config::Loaded>& loaded);

struct PortFound {
  std::string setting{};  // "server.port"
  std::string address{};  // "127.0.0.1:6001"
  std::string refusal{};  // empty: it is free
};

// The ports that `serve` would listen on. Blocks: it looks names up, and binds each port for a moment.
std::vector<PortFound> find_ports(const config::Config& config);
Check check_port(const PortFound& port);

// Why this process may not use io_uring; empty: it may. Opens it for a moment.
std::string find_io_uring_refusal();
Check check_io_engine(net::IoEngine wanted, const std::string& refusal);

struct FolderFound {
  std::string path{};
  std::string existing{};  // the folder, or the first one above it that is there
  bool is_there = false;
  bool is_folder = false;
  bool is_writable = false;  // `existing`, for `user`
  std::uint32_t mode = 0;    // permission bits
  std::uint32_t owner = 0;
  std::uint32_t user = 0;  // of this process
};

FolderFound find_folder(const std::string& path);
// `needed`: no app is configured, so that the first start keeps one there.
Check check_data_folder(const FolderFound& folder, bool needed);

}  // namespace fanfare::doctor
