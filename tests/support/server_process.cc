#include "support/server_process.h"

#include <array>
#include <csignal>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/deadline.h"

namespace fanfare::test {

namespace {

pid_t spawn(const std::string& command, int output, const std::string& log) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  std::array<std::string, 3> words{"sh", "-c", command};
  std::array<char*, 4> arguments{words[0].data(), words[1].data(), words[2].data(), nullptr};
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, "/bin/sh", &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error(std::string("cannot start a process: ") + std::strerror(error));
  return pid;
}

}  // namespace

ServerProcess::ServerProcess(const std::string& binary, const ProcessSetup& setup) {
  write_config(setup.server_lines, setup.apps);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2");
  output_.reset(ends[0]);
  const net::UniqueFd input(ends[1]);
  std::string command = "exec '" + binary + "' serve --config '" + folder_.path() + "/fanfare.toml'";
  if (setup.open_files_max != 0) command = "ulimit -n " + std::to_string(setup.open_files_max) + "; " + command;
  pid_ = spawn(command, input.get(), folder_.path() + "/log");
}

ServerProcess::~ServerProcess() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ServerProcess::write_config(const std::string& server_lines, const std::vector<TestApp>& apps) const {
  std::string text = config_toml("data_dir = \"" + folder_.path() + "\"\n" + server_lines, apps);
  const std::string_view silent = "level = \"off\"";
  text.replace(text.find(silent), silent.size(), "level = \"info\"");
  folder_.write("fanfare.toml", text);
}

void ServerProcess::wait_started() {
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
  while (banner_.find("Stop with Ctrl-C") == std::string::npos) {
    pollfd entry{.fd = output_.get(), .events = POLLIN, .revents = 0};
    std::array<char, 4096> buffer;
    if (::poll(&entry, 1, static_cast<int>(patience.count())) == 0) throw Timeout("the server did not start: " + log());
    const ssize_t count = ::read(output_.get(), buffer.data(), buffer.size());
    if (count <= 0) throw std::runtime_error("the server ended instead of starting: " + log());
    banner_.append(buffer.data(), static_cast<std::size_t>(count));
  }
  port_ = port_of("is listening on http://127.0.0.1:");
  metrics_port_ = port_of("Metrics and health: http://127.0.0.1:");
}

std::uint16_t ServerProcess::port_of(const std::string& before) const {
  const std::size_t at = banner_.find(before);
  if (at == std::string::npos) throw std::runtime_error("no port in the banner: " + banner_);
  return static_cast<std::uint16_t>(std::stoi(banner_.substr(at + before.size(), 5)));
}

void ServerProcess::signal(int number) const { ::kill(pid_, number); }

int ServerProcess::wait_exit() {
  int status = 0;
  wait_until("the process ends", [&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; });
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::string ServerProcess::log() const {
  std::ostringstream text;
  text << std::ifstream(folder_.path() + "/log").rdbuf();
  return text.str();
}

}  // namespace fanfare::test
