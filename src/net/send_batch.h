// SendBatch: the sockets whose sends go together, as many a system call as a SendRing holds.
//
// Those that a call is for are asked for their bytes and told what was taken of them before any other code runs. So
// what a socket has queued may change, and the socket may leave, or be destroyed, at any time but then.
//
// Thread: one loop.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "net/io_backend.h"
#include "net/send_ring.h"

namespace fanfare::net {

class SendBatch {
 public:
  SendBatch(std::unique_ptr<SendRing> ring, NetStats& stats) : ring_(std::move(ring)), stats_(stats) {}

  // Once until it has been told the result.
  void join(IoSocket& socket);
  void leave(IoTarget& target) noexcept;
  bool is_broken() const noexcept { return ring_->is_broken(); }

  // Sends for all that have joined. `settle`(socket, bytes taken or −errno, bytes wanted) makes the result that the
  // socket is told.
  template <typename Settle>
  void run(const Settle& settle) {
    for (std::size_t first = 0; first < joined_.size();) {
      const std::size_t count = fill_ring(first);
      const std::span<const int> results = send();
      std::size_t next_result = 0;
      for (std::size_t i = 0; i < count; ++i) {
        IoSocket* const socket = joined_[first + i];
        errors_[i] = 0;
        if (socket == nullptr) continue;
        const int taken = wanted_[i] > 0 ? results[next_result++] : SendRing::kNotTried;
        const SendResult result = is_tried(taken) ? settle(*socket, taken, wanted_[i]) : SendResult{};
        errors_[i] = result.error;
        socket->on_batch_sent(result);
      }
      go_on(first, count);
      first += count;
    }
    joined_.clear();
  }

 private:
  std::size_t fill_ring(std::size_t first);
  std::span<const int> send();
  void go_on(std::size_t first, std::size_t count);
  static bool is_tried(int taken) noexcept;
  static void forget_slot(IoTarget& target) noexcept;

  std::unique_ptr<SendRing> ring_;
  NetStats& stats_;
  std::vector<IoSocket*> joined_;                          // nullptr: it has left, or is through
  std::array<std::size_t, SendRing::kSendsMax> wanted_{};  // of those that the call is for; 0: it had nothing
  std::array<int, SendRing::kSendsMax> errors_{};
};

}  // namespace fanfare::net
