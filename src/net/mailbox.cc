#include "net/mailbox.h"

#include <utility>

#include "base/assert.h"

namespace fanfare::net {

namespace {
// What a burst leaves behind above this is given back.
constexpr std::size_t kKeptItems = 4096;
}  // namespace

bool Mailbox::post(Task task) { return push(std::move(task), false); }

bool Mailbox::post_reserved(Task task) { return push(std::move(task), true); }

bool Mailbox::push(Task task, bool holds_place) {
  const std::lock_guard lock(mutex_);
  inbox_.push_back({std::move(task), holds_place});
  depth_.fetch_add(1, std::memory_order_relaxed);
  return sleeping_.exchange(false, std::memory_order_relaxed);
}

bool Mailbox::try_reserve(std::size_t count) noexcept {
  std::size_t taken = reserved_.load(std::memory_order_relaxed);
  do {
    if (count > places_max_ || taken > places_max_ - count) return false;
  } while (!reserved_.compare_exchange_weak(taken, taken + count, std::memory_order_relaxed));
  return true;
}

void Mailbox::release(std::size_t count) noexcept {
  const std::size_t before = reserved_.fetch_sub(count, std::memory_order_relaxed);
  FANFARE_ASSERT(before >= count);
}

std::size_t Mailbox::run(std::size_t tasks_max) {
  std::size_t ran = 0;
  std::size_t places = 0;
  while (ran < tasks_max) {
    if (next_ == batch_.size() && !refill()) break;
    Item& item = batch_[next_++];
    places += item.holds_place ? 1U : 0U;
    // Moved out, so that its captures end with it and not with the batch.
    Task task = std::move(item.task);
    task();
    ++ran;
  }
  if (ran > 0) depth_.fetch_sub(ran, std::memory_order_relaxed);
  if (places > 0) release(places);
  return ran;
}

bool Mailbox::refill() {
  batch_.clear();
  next_ = 0;
  if (batch_.capacity() > kKeptItems) std::vector<Item>().swap(batch_);
  sleeping_.store(false, std::memory_order_relaxed);
  // Most turns have no post, and need no lock to see it: one that comes meanwhile is seen by try_sleep().
  if (depth_.load(std::memory_order_relaxed) == 0) return false;
  const std::lock_guard lock(mutex_);
  batch_.swap(inbox_);
  return !batch_.empty();
}

bool Mailbox::try_sleep() {
  if (next_ != batch_.size()) return false;
  const std::lock_guard lock(mutex_);
  const bool sleeps = inbox_.empty();
  sleeping_.store(sleeps, std::memory_order_relaxed);
  return sleeps;
}

std::size_t Mailbox::discard() {
  std::size_t discarded = 0;
  while (next_ != batch_.size() || refill()) {
    const Task dropped = std::move(batch_[next_].task);
    if (batch_[next_++].holds_place) release(1);
    depth_.fetch_sub(1, std::memory_order_relaxed);
    ++discarded;
  }
  return discarded;
}

}  // namespace fanfare::net
