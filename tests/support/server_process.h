// ServerProcess: the real binary as a child process, for what belongs to a process: signals, limits, the exit status.
//
// Thread: one at a time.
// Fails:  throws Timeout when it neither starts nor ends in time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <sys/types.h>

#include "net/unique_fd.h"
#include "support/temp_folder.h"
#include "support/test_app.h"

namespace fanfare::test {

struct ProcessSetup {
  std::string server_lines{};
  std::vector<TestApp> apps = {TestApp{}};
  int open_files_max = 0;  // 0: as the test has it
};

class ServerProcess {
 public:
  // Starts `binary serve`; wait_started() says when clients can connect.
  ServerProcess(const std::string& binary, const ProcessSetup& setup);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  void wait_started();
  std::uint16_t port() const noexcept { return port_; }
  std::uint16_t metrics_port() const noexcept { return metrics_port_; }
  pid_t pid() const noexcept { return pid_; }

  void write_config(const std::string& server_lines, const std::vector<TestApp>& apps) const;
  void signal(int number) const;
  // Waits for its end. Negative: a signal ended it.
  int wait_exit();
  // What it has written to stderr so far.
  std::string log() const;

 private:
  std::uint16_t port_of(const std::string& before) const;

  TempFolder folder_;
  net::UniqueFd output_;
  std::string banner_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t metrics_port_ = 0;
};

}  // namespace fanfare::test
