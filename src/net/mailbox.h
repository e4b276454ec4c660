// Mailbox: the way into a loop from other threads; tasks in, in order, out on the loop.
//
// Order:  first in, first out; so the tasks of one sender run in the order in which it posted them.
// Bound:  only reserved posts count against `places_max`. The others are bounded by what causes them (see Executor).
// Thread: posting and reserving: any. Running: the consumer's.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <vector>

#include "base/task.h"

namespace fanfare::net {

class Mailbox {
 public:
  explicit Mailbox(std::size_t places_max) : places_max_(places_max) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // Both return true when the consumer sleeps and this post must wake it: exactly one poster of many is told so.
  [[nodiscard]] bool post(Task task);
  // Uses a place that try_reserve() took. It is free again at the end of the run() that ran the task.
  [[nodiscard]] bool post_reserved(Task task);

  // Takes `count` places, or none.
  [[nodiscard]] bool try_reserve(std::size_t count) noexcept;
  void release(std::size_t count) noexcept;

  // Consumer: runs up to `tasks_max` tasks, also those posted meanwhile, and returns how many ran.
  std::size_t run(std::size_t tasks_max);
  // Consumer: asks to be woken, until the next run(). False: there is something to run, do not sleep.
  [[nodiscard]] bool try_sleep();
  // Consumer: destroys what waits, also what is posted by that, without running it. Returns how many.
  std::size_t discard();

  // Tasks that wait, and places that are taken. For metrics: may be a little old.
  std::size_t depth() const noexcept { return depth_.load(std::memory_order_relaxed); }
  std::size_t reserved() const noexcept { return reserved_.load(std::memory_order_relaxed); }

 private:
  struct Item {
    Task task;
    bool holds_place;
  };

  bool push(Task task, bool holds_place);
  bool refill();

  const std::size_t places_max_;
  std::atomic<std::size_t> reserved_{0};
  std::atomic<std::size_t> depth_{0};

  std::mutex mutex_;
  std::vector<Item> inbox_;  // guarded by mutex_
  // Set under mutex_, when the inbox is empty; so whoever sees it and posts wakes.
  std::atomic<bool> sleeping_{false};

  // The consumer's: what it took out of the inbox and has not run yet.
  std::vector<Item> batch_;
  std::size_t next_ = 0;
};

}  // namespace fanfare::net
