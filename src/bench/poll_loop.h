// PollLoop: the generator's own event loop. It does less than net::EventLoop and so costs less: one epoll set, one
// receive buffer that all share, waiting to the nanosecond.
//
// Thread: one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "bench/schedule.h"
#include "net/unique_fd.h"

struct epoll_event;

namespace fanfare::bench {

class Pollable {
 public:
  // `events` as epoll tells them.
  virtual void on_ready(std::uint32_t events) = 0;

 protected:
  ~Pollable() = default;
};

class PollLoop {
 public:
  // The longest frame that can be received: a presence roster of some 10,000 members.
  static constexpr std::size_t kBufferBytes = 4 * kMiB;

  // Fails: StartupError.
  PollLoop();
  PollLoop(const PollLoop&) = delete;
  PollLoop& operator=(const PollLoop&) = delete;

  // Level-triggered. `pollable` must live until its descriptor is closed and the turn has ended.
  void add(int fd, std::uint32_t events, Pollable& pollable) const;
  void change(int fd, std::uint32_t events, Pollable& pollable) const;

  // Waits until something is ready, at most until `until`, and handles what is: a bounded batch, so that the caller
  // gets to send what is due.
  void turn(Nanoseconds until);

  // Anyone's during one on_ready().
  MutableBytes buffer() const noexcept { return {buffer_.get(), kBufferBytes}; }

  static Nanoseconds now() noexcept;

 private:
  void control(int operation, int fd, std::uint32_t events, Pollable& pollable) const;

  int wait(epoll_event* events, Nanoseconds time);

  bool waits_finely_ = true;  // the kernel has epoll_pwait2
  net::UniqueFd epoll_;
  std::unique_ptr<std::uint8_t[]> buffer_;
};

}  // namespace fanfare::bench
