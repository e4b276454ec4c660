#include "gateway/command_runner.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace fanfare::gateway {
namespace {

using Time = std::chrono::steady_clock::time_point;

// How long at most passes before `stop` is looked at.
constexpr std::chrono::milliseconds kStopCheck{100};

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) noexcept : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }
  int get() const noexcept { return fd_; }
  void reset(int fd = -1) noexcept {
    if (fd_ >= 0) ::close(fd_);
    fd_ = fd;
  }

 private:
  int fd_ = -1;
};

Error system_error(std::string_view what) { return {ErrorKind::kIo, std::string(what) + ": " + std::strerror(errno)}; }

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    // The app's secrets are not the command's.
    if (text.starts_with("PUSHER_") || text.starts_with("FANFARE_") || text.starts_with("JWT_")) continue;
    entries.emplace_back(text);
  }
  for (const auto& [name, value] : variables) {
    std::string entry = name;
    entry += '=';
    entry += value;
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// A child in a process group of its own, whose standard input is the read end of a pipe.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  Status start(const std::string& command, const std::vector<std::pair<std::string, std::string>>& variables) {
    int ends[2] = {-1, -1};
    if (::pipe2(ends, O_CLOEXEC) != 0) return system_error("pipe");
    const Fd read_end(ends[0]);
    input_.reset(ends[1]);
    ::fcntl(input_.get(), F_SETFL, O_NONBLOCK);
    std::vector<std::string> arguments{"/bin/sh", "-c", command};
    std::vector<std::string> environment = environment_with(variables);

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, read_end.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    sigset_t defaults;
    ::sigfillset(&defaults);
    ::posix_spawnattr_setsigdefault(&attributes, &defaults);
    ::posix_spawnattr_setflags(
        &attributes, static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    const int failed = ::posix_spawn(&pid_, "/bin/sh", &actions, &attributes, pointers_to(arguments).data(),
                                     pointers_to(environment).data());
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (failed == 0) return {};
    pid_ = -1;
    errno = failed;
    return system_error("/bin/sh");
  }

  int input() const noexcept { return input_.get(); }
  void end_input() noexcept { input_.reset(); }
  pid_t pid() const noexcept { return pid_; }
  // Whether it has ended, with its status.
  bool has_ended(int& status) {
    if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
    // What it left running in the background stays within its group and its time.
    ::kill(-pid_, SIGKILL);
    pid_ = -1;
    return true;
  }

 private:
  pid_t pid_ = -1;
  Fd input_;
};

// Writes what the pipe takes. A command that does not read it all has read what it wants (SIGPIPE is ignored: EPIPE).
void feed(Child& child, std::string_view& input) {
  while (!input.empty()) {
    const ssize_t written = ::write(child.input(), input.data(), input.size());
    if (written > 0) {
      input.remove_prefix(static_cast<std::size_t>(written));
    } else if (written < 0 && errno == EINTR) {
      continue;
    } else if (written < 0 && errno == EAGAIN) {
      return;
    } else {
      input = {};
    }
  }
  child.end_input();
}

// Until the child may have ended or takes more input; at most kStopCheck.
void wait_for(const Child& child, int process, bool has_input) {
  pollfd polled[2] = {{process, POLLIN, 0}, {child.input(), POLLOUT, 0}};
  ::poll(polled, has_input ? 2 : 1, static_cast<int>(kStopCheck.count()));
}

Status verdict(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status)) {
    return Error{ErrorKind::kUnavailable, "the command's exit status is " + std::to_string(WEXITSTATUS(status))};
  }
  return Error{ErrorKind::kUnavailable, "a signal ended the command: " + std::to_string(WTERMSIG(status))};
}

}  // namespace

Status run_command_blocking(const std::string& command, std::string_view input,
                            const std::vector<std::pair<std::string, std::string>>& variables,
                            std::chrono::milliseconds time, const std::atomic<bool>& stop) {
  const Time deadline = std::chrono::steady_clock::now() + time;
  Child child;
  if (Status started = child.start(command, variables); !started.ok()) return started;
  const Fd process(static_cast<int>(::syscall(SYS_pidfd_open, child.pid(), 0)));
  if (process.get() < 0) return system_error("pidfd_open");
  int status = 0;
  feed(child, input);
  while (!child.has_ended(status)) {
    if (stop.load(std::memory_order_relaxed)) return Error{ErrorKind::kUnavailable, "stopping"};
    if (std::chrono::steady_clock::now() >= deadline) {
      return Error{ErrorKind::kUnavailable, "the command took longer than " + std::to_string(time.count()) + " ms"};
    }
    wait_for(child, process.get(), child.input() >= 0);
    if (child.input() >= 0) feed(child, input);
  }
  return verdict(status);
}

}  // namespace fanfare::gateway
