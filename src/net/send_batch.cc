#include "net/send_batch.h"

#include <algorithm>
#include <cerrno>

#include "base/assert.h"

namespace fanfare::net {

void SendBatch::join(IoSocket& socket) {
  FANFARE_DEBUG_ASSERT(socket.batch_slot_ == kNotListed);
  socket.batch_slot_ = static_cast<std::uint32_t>(joined_.size());
  joined_.push_back(&socket);
}

void SendBatch::leave(IoTarget& target) noexcept {
  if (target.batch_slot_ == kNotListed) return;
  joined_[target.batch_slot_] = nullptr;
  forget_slot(target);
}

void SendBatch::forget_slot(IoTarget& target) noexcept { target.batch_slot_ = kNotListed; }

// Takes as many, from `first` on, as there is room for, and returns how many: one at least.
std::size_t SendBatch::fill_ring(std::size_t first) {
  const std::size_t count_max = std::min(joined_.size() - first, SendRing::kSendsMax);
  std::size_t count = 0;
  for (; count < count_max && ring_->has_room(); ++count) {
    IoSocket* const socket = joined_[first + count];
    wanted_[count] = 0;
    // Once the ring is broken, those that have joined send by themselves.
    if (socket == nullptr || ring_->is_broken()) continue;
    const std::span<iovec> parts = ring_->next_parts();
    const std::size_t filled = socket->on_batch_fill(parts);
    if (filled == 0) continue;
    for (std::size_t i = 0; i < filled; ++i) wanted_[count] += parts[i].iov_len;
    ring_->add(socket->fd_, filled);
  }
  return count;
}

std::span<const int> SendBatch::send() {
  const std::size_t sends = ring_->size();
  if (sends == 0) return {};
  stats_.send_calls.add();
  stats_.batched_sends.add(sends);
  return ring_->run();
}

// Each of these may make those behind it leave.
void SendBatch::go_on(std::size_t first, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    IoSocket* const socket = std::exchange(joined_[first + i], nullptr);
    if (socket == nullptr) continue;
    forget_slot(*socket);
    socket->on_batch_over(errors_[i]);
  }
}

// An interrupted send is given again like one that the kernel did not look at.
bool SendBatch::is_tried(int taken) noexcept { return taken != SendRing::kNotTried && taken != -EINTR; }

}  // namespace fanfare::net
