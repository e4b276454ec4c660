// EpollBackend: readiness told as completions. Where io_uring is there, it sends to many sockets by one call.
//
// Every socket is registered once, edge-triggered, for both directions; turning receiving on and off is a flag of ours
// and no system call.
#include <array>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "base/log.h"
#include "base/startup_error.h"
#include "net/alarm.h"
#include "net/io_backend.h"
#include "net/send_batch.h"

namespace fanfare::net {

namespace {

const Logger kLog("net");

constexpr std::size_t kReceiveBytes = 64 * kKiB;
constexpr std::size_t kEventsPerWait = 256;
constexpr std::uint32_t kAllEvents = EPOLLIN | EPOLLOUT | EPOLLRDHUP | static_cast<std::uint32_t>(EPOLLET);

UniqueFd open_spare() noexcept { return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }

// accept(2) hands out errors of the connection that it would have returned; the next one may be well.
bool concerns_one_connection(int error) noexcept {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOPROTOOPT:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENONET:
    case EOPNOTSUPP:
    case EPERM:  // a firewall rule
    case ETIMEDOUT:
      return true;
    default:
      return false;
  }
}

[[noreturn]] void throw_startup(const char* what, int error) {
  throw StartupError(std::string("cannot start an event loop: ") + what + ": " +
                     std::generic_category().message(error));
}

// One part is the usual case, and costs the kernel some 4 % less by send(): it has no message header and no vector to
// copy and check.
ssize_t send_once(int socket, std::span<iovec> parts) {
  constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;
  if (parts.size() == 1) return ::send(socket, parts.front().iov_base, parts.front().iov_len, kFlags);
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  return ::sendmsg(socket, &message, kFlags);
}

}  // namespace

class EpollBackend final : public IoBackend {
 public:
  EpollBackend(const NetOptions& options, NetStats& stats, InputGate& gate);

  int attach(IoSocket& socket, int fd) override { return register_fd(socket, fd, kAllEvents); }
  int attach(IoAcceptor& acceptor, int fd) override {
    return register_fd(acceptor, fd, EPOLLIN | static_cast<std::uint32_t>(EPOLLET));
  }
  void detach(IoTarget& target) noexcept override;
  void set_receiving(IoSocket& socket, bool on) override { want_input(socket, on); }
  void start_accepting(IoAcceptor& acceptor) override { want_input(acceptor, true); }
  SendResult send(IoSocket& socket, std::span<iovec> parts) override;
  void begin_batch(std::size_t sockets) override {
    batching_ = batch_ != nullptr && sockets >= options_.io_uring_sockets_min;
  }
  bool join_batch(IoSocket& socket) override;
  void send_batch() override;
  const std::string& batch_refusal() const noexcept override { return batch_refusal_; }
  void wait(std::chrono::milliseconds wait_max) override;
  void dispatch() override;
  void wake() noexcept override;
  bool has_leftover() const noexcept override { return !ready_.empty(); }

 private:
  void open_batch();
  int register_fd(IoTarget& target, int fd, std::uint32_t events);
  void want_input(IoTarget& target, bool on);
  SendResult settle(IoSocket& socket, std::ptrdiff_t taken, std::size_t wanted);
  void on_event(IoTarget& target, std::uint32_t events);
  void on_socket_event(IoSocket& socket, std::uint32_t events);
  void take_input(IoTarget& target);
  void receive(IoSocket& socket);
  void accept(IoAcceptor& acceptor);
  bool accept_failed(IoAcceptor& acceptor, int error);
  bool shed_connection(IoAcceptor& acceptor) noexcept;

  const NetOptions& options_;
  NetStats& stats_;
  InputGate& gate_;
  UniqueFd epoll_;
  Alarm alarm_;
  UniqueFd wake_;
  UniqueFd spare_;  // given up for a moment to take a connection off the backlog when there are no descriptors left
  std::unique_ptr<std::uint8_t[]> buffer_;
  RoundList<IoTarget, &IoTarget::ready_slot_> ready_;  // has_input_ and wants_input_, but the turn's share is used up

  std::array<epoll_event, kEventsPerWait> events_{};
  std::size_t events_count_ = 0;
  std::size_t events_done_ = 0;           // of them
  const IoTarget* dispatched_ = nullptr;  // whose event is being told; it may be gone
  std::unique_ptr<SendBatch> batch_;      // nullptr: no io_uring
  std::string batch_refusal_;
  bool batching_ = false;
  const IoTarget* receiving_ = nullptr;  // while the gate runs; null again when it was detached by that
};

EpollBackend::EpollBackend(const NetOptions& options, NetStats& stats, InputGate& gate)
    : options_(options),
      stats_(stats),
      gate_(gate),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      alarm_(epoll_.get()),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      spare_(open_spare()),
      buffer_(std::make_unique<std::uint8_t[]>(kReceiveBytes + kSpareBytes)) {
  if (!epoll_) throw_startup("epoll_create1", errno);
  if (!wake_) throw_startup("eventfd", errno);
  epoll_event event{};
  event.events = EPOLLIN | static_cast<std::uint32_t>(EPOLLET);
  event.data.ptr = this;  // no target has this address
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_.get(), &event) != 0) throw_startup("epoll_ctl", errno);
  if (options_.io_engine != IoEngine::kEpoll) open_batch();
}

void EpollBackend::open_batch() {
  Result<std::unique_ptr<SendRing>> ring = SendRing::open();
  if (!ring.ok()) {
    batch_refusal_ = ring.error().message;
    return;
  }
  batch_ = std::make_unique<SendBatch>(*std::move(ring), stats_);
  stats_.io_uring.set(1);
}

int EpollBackend::register_fd(IoTarget& target, int fd, std::uint32_t events) {
  FANFARE_ASSERT(!target.is_attached());
  epoll_event event{};
  event.events = events;
  event.data.ptr = &target;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) return errno;
  target.fd_ = fd;
  return 0;
}

void EpollBackend::detach(IoTarget& target) noexcept {
  if (!target.is_attached()) return;
  if (receiving_ == &target) receiving_ = nullptr;
  // close() alone would not do where a forked child still holds the socket.
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, target.fd_, nullptr);
  target.fd_ = -1;
  target.wants_input_ = target.has_input_ = target.input_ends_ = target.wants_output_ = false;
  ready_.remove(target);
  if (batch_ != nullptr) batch_->leave(target);
  // Events that were fetched and not yet dispatched. Each target has one at most, which is over when it closes itself.
  if (dispatched_ == &target) return;
  for (std::size_t i = events_done_; i < events_count_; ++i) {
    if (events_[i].data.ptr == &target) events_[i].data.ptr = nullptr;
  }
}

void EpollBackend::want_input(IoTarget& target, bool on) {
  target.wants_input_ = on;
  if (on && target.has_input_) ready_.add(target);
}

SendResult EpollBackend::send(IoSocket& socket, std::span<iovec> parts) {
  std::size_t wanted = 0;
  for (const iovec& part : parts) wanted += part.iov_len;
  ssize_t sent = 0;
  do {
    sent = send_once(socket.fd_, parts);
  } while (sent < 0 && errno == EINTR);
  stats_.send_calls.add();
  return settle(socket, sent >= 0 ? sent : -errno, wanted);
}

// `taken`: bytes, or minus the errno.
SendResult EpollBackend::settle(IoSocket& socket, std::ptrdiff_t taken, std::size_t wanted) {
  SendResult result;
  if (taken >= 0) {
    result.sent = static_cast<std::size_t>(taken);
    stats_.sent_bytes.add(result.sent);
  } else if (taken != -EAGAIN) {
    result.error = static_cast<int>(-taken);
    return result;
  }
  result.pending = result.sent < wanted;
  if (result.pending) stats_.send_stalls.add();
  socket.wants_output_ = result.pending;
  return result;
}

bool EpollBackend::join_batch(IoSocket& socket) {
  if (!batching_) return false;
  batch_->join(socket);
  return true;
}

void EpollBackend::send_batch() {
  if (!batching_) return;
  batching_ = false;
  batch_->run([this](IoSocket& socket, int taken, std::size_t wanted) { return settle(socket, taken, wanted); });
  if (!batch_->is_broken()) return;
  batch_.reset();
  stats_.io_uring.set(0);
  kLog.warning("io_uring failed: every send is a system call from now on");
}

void EpollBackend::wait(std::chrono::milliseconds wait_max) {
  const int timeout = ready_.empty() ? alarm_.timeout_for(wait_max) : 0;
  const int found = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), timeout);
  FANFARE_ASSERT(found >= 0 || errno == EINTR);
  events_count_ = found > 0 ? static_cast<std::size_t>(found) : 0;
}

void EpollBackend::dispatch() {
  ready_.run_round([this](IoTarget& target) { take_input(target); });
  while (events_done_ < events_count_) {
    const epoll_event& event = events_[events_done_++];
    if (event.data.ptr == this) {
      // Not read: being edge-triggered, every write to it is an event of its own.
      stats_.wakes.add();
    } else if (event.data.ptr == &alarm_) {
      alarm_.on_rung();
    } else if (event.data.ptr != nullptr) {
      auto& target = *static_cast<IoTarget*>(event.data.ptr);
      dispatched_ = &target;
      on_event(target, event.events);
      dispatched_ = nullptr;
    }
  }
  events_count_ = events_done_ = 0;
}

void EpollBackend::on_event(IoTarget& target, std::uint32_t events) {
  if (target.kind_ == IoTarget::Kind::kSocket) return on_socket_event(static_cast<IoSocket&>(target), events);
  target.has_input_ = true;
  take_input(target);
}

void EpollBackend::on_socket_event(IoSocket& socket, std::uint32_t events) {
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) socket.has_input_ = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) socket.input_ends_ = true;
  if ((events & EPOLLOUT) != 0 && socket.wants_output_) {
    socket.wants_output_ = false;
    socket.on_send_ready(0);
    if (!socket.is_attached()) return;
  }
  if (socket.wants_input_) return receive(socket);
  // While receiving is paused only a broken connection is told; an orderly end waits behind the unread bytes.
  if ((events & EPOLLERR) != 0) {
    int error = 0;
    socklen_t length = sizeof(error);
    ::getsockopt(socket.fd_, SOL_SOCKET, SO_ERROR, &error, &length);
    socket.on_receive_ended(error != 0 ? error : ECONNRESET);
  }
}

void EpollBackend::take_input(IoTarget& target) {
  if (!target.wants_input_ || !target.has_input_) return;
  if (target.kind_ == IoTarget::Kind::kSocket) return receive(static_cast<IoSocket&>(target));
  accept(static_cast<IoAcceptor&>(target));
}

void EpollBackend::receive(IoSocket& socket) {
  std::size_t taken = 0;
  while (socket.wants_input_ && socket.has_input_) {
    if (taken >= options_.receive_bytes_per_turn) return ready_.add(socket);
    const ssize_t received = ::recv(socket.fd_, buffer_.get(), kReceiveBytes, 0);
    stats_.receive_calls.add();
    if (received > 0) {
      const auto size = static_cast<std::size_t>(received);
      taken += size;
      stats_.received_bytes.add(size);
      // A short read emptied the socket, and what comes later is a new edge; but an end that was told already is not.
      if (size < kReceiveBytes && !socket.input_ends_) socket.has_input_ = false;
      receiving_ = &socket;
      gate_.before_input();
      if (std::exchange(receiving_, nullptr) == nullptr) return;
      socket.on_received({buffer_.get(), size});
      if (!socket.is_attached()) return;
      continue;
    }
    if (received < 0 && errno == EINTR) continue;
    socket.has_input_ = false;
    if (received < 0 && errno == EAGAIN) return;
    socket.wants_input_ = false;
    return socket.on_receive_ended(received == 0 ? 0 : errno);
  }
}

void EpollBackend::accept(IoAcceptor& acceptor) {
  for (std::size_t i = 0; i < options_.accepts_per_turn; ++i) {
    sockaddr_storage native{};
    socklen_t length = sizeof(native);
    auto* const address = reinterpret_cast<sockaddr*>(&native);
    UniqueFd connected(::accept4(acceptor.fd_, address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connected) {
      stats_.accepted.add();
      acceptor.on_accepted(std::move(connected), SocketAddress::from_native(address));
    } else if (!accept_failed(acceptor, errno)) {
      return;
    }
    if (!acceptor.is_attached() || !acceptor.wants_input_) return;
  }
  ready_.add(acceptor);
}

// Returns whether to go on accepting.
bool EpollBackend::accept_failed(IoAcceptor& acceptor, int error) {
  if (error == EAGAIN) {
    acceptor.has_input_ = false;
    return false;
  }
  if (concerns_one_connection(error)) {
    stats_.accept_errors.add();
    return true;
  }
  if ((error == EMFILE || error == ENFILE) && shed_connection(acceptor)) return true;
  acceptor.wants_input_ = false;
  acceptor.on_accept_exhausted(error);
  return false;
}

// With no descriptor left, a connection would stay in the backlog, neither served nor told. It is taken with the spare
// one and closed, so that the client knows.
bool EpollBackend::shed_connection(IoAcceptor& acceptor) noexcept {
  if (!spare_) spare_ = open_spare();
  if (!spare_) return false;
  spare_.reset();
  UniqueFd refused(::accept4(acceptor.fd_, nullptr, nullptr, SOCK_CLOEXEC));
  const bool shed = static_cast<bool>(refused) || errno == EAGAIN;
  if (refused) stats_.accepts_refused.add();
  refused.reset();
  spare_ = open_spare();
  return shed;
}

void EpollBackend::wake() noexcept {
  const std::uint64_t one = 1;
  // It fails only when the counter is full, and then the consumer is awake for long.
  [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

std::unique_ptr<IoBackend> make_io_backend(const NetOptions& options, NetStats& stats, InputGate& gate) {
  return std::make_unique<EpollBackend>(options, stats, gate);
}

}  // namespace fanfare::net
