// The input over io_uring: one standing accept, one standing receive a connection, and a ring of buffers that the
// kernel takes for whatever comes.
#include <cerrno>
#include <memory>
#include <utility>

#include <liburing.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "input.h"

namespace fanfare::floor {

namespace {

constexpr unsigned kEntries = 4096;
constexpr unsigned kBuffers = 1024;  // a power of two
constexpr std::size_t kBufferBytes = 4 * kKiB;
constexpr int kGroup = 0;

class RingInput final : public Input {
 public:
  RingInput(net::UniqueFd listening, InputHandler& handler) : listening_(std::move(listening)), handler_(handler) {
    io_uring_params parameters{};
    parameters.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    parameters.cq_entries = 8 * kEntries;
    if (::io_uring_queue_init_params(kEntries, &ring_, &parameters) != 0) return;
    has_ring_ = true;
    if (provide_buffers()) accept();
  }
  RingInput(const RingInput&) = delete;
  RingInput& operator=(const RingInput&) = delete;
  ~RingInput() override {
    if (has_ring_) ::io_uring_queue_exit(&ring_);
    if (buffers_ != nullptr) ::munmap(buffers_, kBuffers * sizeof(io_uring_buf));
  }

  bool is_open() const noexcept { return is_open_; }

  void turn(int wait_max_ms) override {
    io_uring_cqe* done = nullptr;
    __kernel_timespec patience{.tv_sec = wait_max_ms / 1000, .tv_nsec = wait_max_ms % 1000 * 1'000'000LL};
    ::io_uring_submit_and_wait_timeout(&ring_, &done, 1, wait_max_ms < 0 ? nullptr : &patience, nullptr);
    unsigned head = 0;
    unsigned count = 0;
    io_uring_for_each_cqe(&ring_, head, done) {
      tell(*done);
      ++count;
    }
    ::io_uring_cq_advance(&ring_, count);
  }

  void tell_writable(Connection& connection) override {
    io_uring_sqe& entry = next_entry();
    ::io_uring_prep_poll_add(&entry, connection.socket.get(), POLLOUT);
    ++connection.standing;
    connection.writing = {&connection, true};
    ::io_uring_sqe_set_data(&entry, &connection.writing);
  }

  // The kernel holds the socket as long as something stands on it.
  void close(Connection& connection) override {
    ::shutdown(connection.socket.get(), SHUT_RDWR);
    connection.socket.reset();
  }

 private:
  bool provide_buffers() {
    void* const mapped =
        ::mmap(nullptr, kBuffers * sizeof(io_uring_buf), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) return false;
    buffers_ = static_cast<io_uring_buf_ring*>(mapped);
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uint64_t>(buffers_);
    registration.ring_entries = kBuffers;
    registration.bgid = kGroup;
    if (::io_uring_register_buf_ring(&ring_, &registration, 0) != 0) return false;
    memory_ = std::make_unique<std::uint8_t[]>(kBuffers * kBufferBytes);
    ::io_uring_buf_ring_init(buffers_);
    for (unsigned i = 0; i < kBuffers; ++i) give_back(i);
    is_open_ = true;
    return true;
  }

  void give_back(unsigned number) {
    ::io_uring_buf_ring_add(buffers_, memory_.get() + number * kBufferBytes, kBufferBytes,
                            static_cast<unsigned short>(number), static_cast<int>(kBuffers - 1), 0);
    ::io_uring_buf_ring_advance(buffers_, 1);
  }

  io_uring_sqe& next_entry() {
    io_uring_sqe* entry = ::io_uring_get_sqe(&ring_);
    if (entry == nullptr) {
      ::io_uring_submit(&ring_);
      entry = ::io_uring_get_sqe(&ring_);
    }
    FANFARE_ASSERT(entry != nullptr);
    return *entry;
  }

  void accept() {
    io_uring_sqe& entry = next_entry();
    ::io_uring_prep_multishot_accept(&entry, listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    ::io_uring_sqe_set_data(&entry, nullptr);
  }

  void receive(Connection& connection) {
    io_uring_sqe& entry = next_entry();
    ::io_uring_prep_recv_multishot(&entry, connection.socket.get(), nullptr, 0, 0);
    entry.flags |= IOSQE_BUFFER_SELECT;
    entry.buf_group = kGroup;
    ++connection.standing;
    connection.reading = {&connection, false};
    ::io_uring_sqe_set_data(&entry, &connection.reading);
  }

  void tell(const io_uring_cqe& done) {
    const auto* const standing = static_cast<const Standing*>(::io_uring_cqe_get_data(&done));
    if (standing == nullptr) return on_accepted(done);
    Connection& connection = *standing->connection;
    const bool is_for_writing = standing->is_for_writing;
    const bool stands = (done.flags & IORING_CQE_F_MORE) != 0;
    if (!stands) --connection.standing;
    if (is_for_writing) {
      if (connection.socket) handler_.on_writable(connection);
    } else {
      on_received(connection, done, stands);
    }
    if (!connection.socket && connection.standing == 0) handler_.on_released(connection);
  }

  void on_accepted(const io_uring_cqe& done) {
    if (done.res >= 0) receive(handler_.on_accepted(net::UniqueFd(done.res)));
    if ((done.flags & IORING_CQE_F_MORE) == 0) accept();
  }

  void on_received(Connection& connection, const io_uring_cqe& done, bool stands) {
    if ((done.flags & IORING_CQE_F_BUFFER) != 0) {
      const unsigned number = done.flags >> IORING_CQE_BUFFER_SHIFT;
      if (done.res > 0 && connection.socket) {
        handler_.on_bytes(connection, {memory_.get() + number * kBufferBytes, static_cast<std::size_t>(done.res)});
      }
      give_back(number);
    }
    if (!connection.socket || stands) return;
    if (done.res > 0 || done.res == -ENOBUFS) return receive(connection);
    handler_.on_end(connection);
  }

  net::UniqueFd listening_;
  InputHandler& handler_;
  io_uring ring_{};
  io_uring_buf_ring* buffers_ = nullptr;
  std::unique_ptr<std::uint8_t[]> memory_;
  bool has_ring_ = false;
  bool is_open_ = false;
};

}  // namespace

std::unique_ptr<Input> make_ring_input(net::UniqueFd listening, InputHandler& handler) {
  auto input = std::make_unique<RingInput>(std::move(listening), handler);
  if (!input->is_open()) return nullptr;
  return input;
}

}  // namespace fanfare::floor
