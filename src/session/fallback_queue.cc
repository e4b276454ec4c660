#include "session/fallback_queue.h"

#include <utility>

namespace fanfare::session {

namespace {

// More empty places than this are given back.
constexpr std::size_t kKeptEntriesMax = 16;

}  // namespace

net::SendOutcome FallbackQueue::push(sockjs::Lines lines, net::DropPolicy policy) {
  const std::size_t size = lines.chunk.size();
  if (size > limits_->bytes_max || bytes_ > limits_->bytes_max - size ||
      entries_.size() - first_ >= limits_->entries_max) {
    owes_drained_ = true;
    return net::SendOutcome::kRefusedFull;
  }
  entries_.push_back({std::move(lines), 0, policy == net::DropPolicy::kDroppable});
  bytes_ += size;
  if (bytes_ <= limits_->high_mark) return net::SendOutcome::kQueued;
  owes_drained_ = true;
  return net::SendOutcome::kQueuedAboveHighMark;
}

void FallbackQueue::push_beyond_limits(sockjs::Lines lines) {
  bytes_ += lines.chunk.size();
  entries_.push_back({std::move(lines), 0, false});
}

void FallbackQueue::confirm(std::uint64_t sent) noexcept {
  for (; first_ < handed_ && entries_[first_].end <= sent; ++first_) {
    bytes_ -= entries_[first_].lines.chunk.size();
    entries_[first_].lines = {};
  }
  remove_confirmed();
}

// An empty queue has one place at most; a long one is moved up once in a while.
void FallbackQueue::remove_confirmed() noexcept {
  if (first_ == entries_.size()) {
    entries_.clear();
    first_ = handed_ = 0;
    if (entries_.capacity() > kKeptEntriesMax) entries_.shrink_to_fit();
  } else if (first_ > entries_.size() / 2) {
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
    handed_ -= first_;
    first_ = 0;
  }
}

net::DroppedFrames FallbackQueue::drop_oldest_droppable(std::size_t bytes) {
  net::DroppedFrames dropped;
  std::size_t kept = handed_;
  for (std::size_t i = handed_; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (dropped.bytes < bytes && entry.is_droppable) {
      dropped.frames += entry.lines.count;
      dropped.bytes += entry.lines.chunk.size();
      continue;
    }
    if (kept != i) entries_[kept] = std::move(entry);
    ++kept;
  }
  entries_.resize(kept);
  bytes_ -= dropped.bytes;
  return dropped;
}

FallbackQueue::Share FallbackQueue::waiting_share(std::size_t bytes_max) const noexcept {
  Share share;
  for (std::size_t i = handed_; i < entries_.size(); ++i) {
    const std::size_t size = entries_[i].lines.size();
    if (share.entries > 0 && share.bytes + size > bytes_max) break;
    share.bytes += size;
    ++share.entries;
  }
  return share;
}

bool FallbackQueue::take_drained() noexcept {
  if (!owes_drained_ || bytes_ > limits_->low_mark) return false;
  owes_drained_ = false;
  return true;
}

}  // namespace fanfare::session
