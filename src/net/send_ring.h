// SendRing: the sends of many sockets by one system call (io_uring).
//
// Every send is over when run() returns: each asks the kernel not to wait (MSG_DONTWAIT), so that a full socket is
// EAGAIN at once. No operation, and no memory of the caller, is in the kernel's hands between two calls.
//
// Thread: one at a time.
// Source: io_uring(7), io_uring_enter(2).
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

#include <sys/socket.h>
#include <sys/uio.h>

#include "base/result.h"

struct io_uring;

namespace fanfare::net {

class SendRing {
 public:
  static constexpr std::size_t kSendsMax = 256;         // a run
  static constexpr std::size_t kPartsPerSendMax = 256;  // pieces of memory of one socket
  static constexpr int kNotTried = -4096;               // beyond every errno

  // Fails: the kernel has no io_uring, not all of it that is needed (Linux 5.18), or does not let us have it.
  static Result<std::unique_ptr<SendRing>> open();
  SendRing(const SendRing&) = delete;
  SendRing& operator=(const SendRing&) = delete;
  ~SendRing();

  bool has_room() const noexcept { return count_ < kSendsMax && parts_used_ + kPartsPerSendMax <= kPartsMax; }
  std::size_t size() const noexcept { return count_; }
  // Where the parts of the next send go. REQUIRES: has_room().
  std::span<iovec> next_parts() noexcept { return {parts_.data() + parts_used_, kPartsPerSendMax}; }
  // One send of the first `parts` of next_parts(), at least one.
  void add(int fd, std::size_t parts) noexcept;

  // Does what was added, in that order, and returns for each the bytes that the kernel took, or minus the errno;
  // valid until the next run(). kNotTried: the kernel refused the call itself. Nothing of that send has gone, and it
  // will go on refusing: is_broken().
  std::span<const int> run() noexcept;
  bool is_broken() const noexcept { return ring_ == nullptr; }

 private:
  // More parts than sends, since few sockets have more than one or two.
  static constexpr std::size_t kPartsMax = 4 * kSendsMax;

  struct Closer {
    void operator()(io_uring* ring) const noexcept;
  };
  explicit SendRing(std::unique_ptr<io_uring, Closer> ring) noexcept : ring_(std::move(ring)) {}

  std::size_t submit(std::size_t count) noexcept;
  void reap(std::size_t submitted) noexcept;

  std::unique_ptr<io_uring, Closer> ring_;
  std::size_t count_ = 0;
  std::size_t parts_used_ = 0;
  std::array<int, kSendsMax> results_{};
  std::array<msghdr, kSendsMax> messages_{};
  std::array<iovec, kPartsMax> parts_{};
};

}  // namespace fanfare::net
