#include "net/send_ring.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include <liburing.h>

#include "base/assert.h"

namespace fanfare::net {

namespace {

constexpr int kSendFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

}  // namespace

void SendRing::Closer::operator()(io_uring* ring) const noexcept {
  ::io_uring_queue_exit(ring);
  delete ring;
}

Result<std::unique_ptr<SendRing>> SendRing::open() {
  auto fresh = std::make_unique<io_uring>();
  // SUBMIT_ALL: a send that fails does not keep those behind it from being tried.
  const int error = ::io_uring_queue_init(kSendsMax, fresh.get(), IORING_SETUP_SUBMIT_ALL);
  if (error < 0) return Error{ErrorKind::kIo, std::generic_category().message(-error)};
  std::unique_ptr<io_uring, Closer> ring(fresh.release());
  return std::unique_ptr<SendRing>(new SendRing(std::move(ring)));
}

SendRing::~SendRing() = default;

void SendRing::add(int fd, std::size_t parts) noexcept {
  FANFARE_DEBUG_ASSERT(has_room() && parts > 0 && parts <= kPartsPerSendMax);
  io_uring_sqe* const entry = ::io_uring_get_sqe(ring_.get());
  FANFARE_ASSERT(entry != nullptr);  // run() leaves none behind, and there is one for each place
  iovec* const first = parts_.data() + parts_used_;
  if (parts == 1) {
    ::io_uring_prep_send(entry, fd, first->iov_base, first->iov_len, kSendFlags);
  } else {
    msghdr& message = messages_[count_];
    message = msghdr{};
    message.msg_iov = first;
    message.msg_iovlen = parts;
    ::io_uring_prep_sendmsg(entry, fd, &message, kSendFlags);
    parts_used_ += parts;
  }
  ::io_uring_sqe_set_data64(entry, count_);
  results_[count_] = kNotTried;
  ++count_;
}

std::span<const int> SendRing::run() noexcept {
  const std::size_t count = std::exchange(count_, 0);
  parts_used_ = 0;
  const std::size_t submitted = submit(count);
  reap(submitted);
  // What the kernel has not taken of the ring by now is not going to be sent by it: closing the ring forgets it.
  if (submitted < count) ring_.reset();
  return {results_.data(), count};
}

// How many of them the kernel has taken out of the ring.
std::size_t SendRing::submit(std::size_t count) noexcept {
  std::size_t submitted = 0;
  while (submitted < count) {
    const int taken = ::io_uring_submit(ring_.get());
    if (taken > 0) {
      submitted += static_cast<std::size_t>(taken);
    } else if (taken != -EINTR) {
      break;
    }
  }
  return submitted;
}

void SendRing::reap(std::size_t submitted) noexcept {
  while (submitted > 0) {
    io_uring_cqe* done = nullptr;
    // They are there already: a send that may not wait is over when it was submitted. One that is not is waited for,
    // since it reads memory of the caller.
    const int error = ::io_uring_wait_cqe(ring_.get(), &done);
    if (error == -EINTR) continue;
    FANFARE_ASSERT(error == 0);
    results_[::io_uring_cqe_get_data64(done)] = done->res;
    ::io_uring_cqe_seen(ring_.get(), done);
    --submitted;
  }
}

}  // namespace fanfare::net
