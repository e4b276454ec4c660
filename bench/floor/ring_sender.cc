// The sender over io_uring: as many sends a system call as the ring holds.
#include <cerrno>
#include <utility>

#include <liburing.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "sender.h"

namespace fanfare::floor {

namespace {

constexpr unsigned kEntries = 256;

class RingSender final : public Sender {
 public:
  RingSender() : is_open_(::io_uring_queue_init(kEntries, &ring_, IORING_SETUP_SINGLE_ISSUER) == 0) {
    // Older kernels do not know the flag.
    if (!is_open_) is_open_ = ::io_uring_queue_init(kEntries, &ring_, 0) == 0;
  }
  RingSender(const RingSender&) = delete;
  RingSender& operator=(const RingSender&) = delete;
  ~RingSender() override {
    if (is_open_) ::io_uring_queue_exit(&ring_);
  }

  bool is_open() const noexcept { return is_open_; }

  void send_to_all(const Members& members, std::string_view bytes, const Connection* except) override {
    unsigned queued = 0;
    for (Connection* member : members) {
      if (member == except) continue;
      if (!member->backlog.empty()) {
        member->backlog += bytes;
        continue;
      }
      io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
      FANFARE_ASSERT(entry != nullptr);  // as many as the ring holds are never queued at once
      ::io_uring_prep_send(entry, member->socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      ::io_uring_sqe_set_data(entry, member);
      if (++queued == kEntries) complete(std::exchange(queued, 0), bytes);
    }
    complete(queued, bytes);
  }

 private:
  // The bytes are the caller's: every send is over when this returns.
  void complete(unsigned count, std::string_view bytes) {
    if (count == 0) return;
    ::io_uring_submit_and_wait(&ring_, count);
    io_uring_cqe* done = nullptr;
    for (unsigned i = 0; i < count; ++i) {
      while (::io_uring_wait_cqe(&ring_, &done) == -EINTR) {
      }
      keep_rest(*static_cast<Connection*>(::io_uring_cqe_get_data(done)), bytes, done->res);
      ::io_uring_cqe_seen(&ring_, done);
    }
  }

  io_uring ring_{};
  bool is_open_;
};

}  // namespace

std::unique_ptr<Sender> make_ring_sender() {
  auto sender = std::make_unique<RingSender>();
  if (!sender->is_open()) return nullptr;
  return sender;
}

}  // namespace fanfare::floor
