// Executor: somewhere to run a task; an event loop's mailbox, or a ManualExecutor in tests.
#pragma once

#include <cstddef>

#include "base/strong_id.h"
#include "base/task.h"

namespace fanfare {

// Thread: any thread may post; tasks run on the executor's own.
// Order:  tasks posted by one thread run in the order it posted them, whichever of the two ways it used.
class Executor {
 public:
  Executor() = default;
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  virtual ~Executor() = default;

  // Never refused: for what is bounded by something else (joins and leaves by the connections that send them).
  virtual void post(Task task) = 0;

  // The bounded part. Takes `count` places; false: not one was taken. Each place is used by one post_reserved().
  [[nodiscard]] virtual bool try_reserve(std::size_t count) = 0;
  virtual void post_reserved(Task task) = 0;
  // Gives back places that were reserved and not used.
  virtual void release(std::size_t count) = 0;

  virtual LoopIndex index() const noexcept = 0;
};

}  // namespace fanfare
