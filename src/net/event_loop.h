// EventLoop: a worker thread's loop: sockets, timers, its mailbox and the work of each turn.
//
// A turn: wait for sockets → the mailbox, a bounded part → the sockets' callbacks, and before received bytes are handed
// out again the mailbox, if something was posted meanwhile → due timers → turn hooks → flush every stream that was
// touched, one gather write each, by io_uring many of them a system call → deferred tasks. What touches a stream later
// than the flush is flushed in the next turn, and the loop does not sleep before it.
//
// Adaptive flush: a loop that was at work for more than half of the last 100 ms lets events for clients wait for one
// another, NetOptions::flush_delay at most (and what the kernel's timer adds, up to 1 ms), so that a connection gets
// several with one write. Everything else, and everything on a loop that has time, goes out with its turn.
//
// Thread: run(), turn() and everything not said otherwise: the loop's own. Before run() has begun and after it has
// returned
//         the owner may call them from its thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/executor.h"
#include "base/slabs.h"
#include "net/busy_meter.h"
#include "net/flush_list.h"
#include "net/io_backend.h"
#include "net/mailbox.h"
#include "net/net_stats.h"
#include "net/options.h"
#include "net/timer_wheel.h"
#include "net/unique_fd.h"

namespace fanfare::net {

class Stream;

// Work of every turn, such as the next slice of a large fan-out.
class TurnHook {
 public:
  // Returns whether there is more to do at once; the loop does not sleep then.
  virtual bool on_turn() = 0;

 protected:
  ~TurnHook() = default;
};

class EventLoop final : public Executor, private InputGate {
 public:
  // `options` and `clock` must outlive the loop.
  // Fails: StartupError when the kernel gives no epoll or event descriptor.
  EventLoop(LoopIndex index, const NetOptions& options, const Clock& clock = system_clock());
  ~EventLoop() override;

  // Turns until stop(). What is deferred is run before it returns; tasks still in the mailbox are destroyed with the
  // loop.
  void run() noexcept;
  // Ends run() behind the tasks that this thread has posted before. Thread: any.
  void stop();
  // Destroys all tasks that wait, without running them: what they own goes while the loop still exists.
  void discard_tasks();
  // One turn that waits at most `wait_max` for something to happen. For tests and programs that drive a loop
  // themselves. Returns whether there is more to do at once.
  bool turn(std::chrono::milliseconds wait_max);

  // Executor. Thread: any.
  void post(Task task) override;
  [[nodiscard]] bool try_reserve(std::size_t count) override;
  void post_reserved(Task task) override;
  void release(std::size_t count) override;
  LoopIndex index() const noexcept override { return index_; }

  // Takes over a connected socket. Nothing is read before Stream::set_handler().
  std::unique_ptr<Stream> adopt(UniqueFd connected);

  // Runs `task` at the end of this turn, behind the flush; one deferred by a deferred task, at the end of the next.
  // Order: first deferred, first run. This is how objects are destroyed from inside their own callbacks.
  void defer(Task task);
  // Runs `task` when everything has been written that is queued at the end of this turn, what waits for more included;
  // usually at once behind the flush. The loop may sleep afterwards, so it is for what makes no work, such as counting.
  void run_behind_writes(Task task);
  // Lets the next turn follow without sleep. Happens by itself after deferred tasks and touched streams.
  void skip_sleep() noexcept { skip_sleep_ = true; }
  // `hook` is called every turn until it is removed. Both may be called inside hooks.
  void add_turn_hook(TurnHook& hook);
  void remove_turn_hook(TurnHook& hook);

  // Fires `timer` once, `delay` after the begin of this turn. Timer::cancel() takes it back.
  void schedule(Timer& timer, std::chrono::milliseconds delay) { timers_.schedule(timer, now(), delay); }

  // The time at the begin of the turn (behind its wait); costs no clock call.
  MonotonicTime now() const noexcept { return now_.monotonic(); }
  // The time when the turn first asked; costs at most one clock call a turn.
  WallTime wall_now() const { return now_.wall(); }
  // The same as a Clock, for what knows no loops.
  const Clock& clock() const noexcept { return now_; }

  const NetOptions& options() const noexcept { return options_; }
  bool is_current() const noexcept;  // whether the calling thread is inside this loop's run(). Thread: any.

  // Thread: any.
  const NetStats& stats() const noexcept { return stats_; }
  std::size_t mailbox_depth() const noexcept { return mailbox_.depth(); }
  std::size_t mailbox_reserved() const noexcept { return mailbox_.reserved(); }
  // When the last turn began. A running loop turns at least once in kSleepMax: a much older time is a stall.
  MonotonicTime last_turn() const noexcept;
  static constexpr std::chrono::milliseconds kSleepMax{1000};

  // Why it does not send by io_uring although the options ask for it; empty: it does, or they do not. Thread: any.
  const std::string& batch_refusal() const noexcept { return backend_->batch_refusal(); }

  // For what lives on this loop, as many as connections.
  Slabs& slabs() noexcept { return slabs_; }

  // For streams, listeners and backends of this module.
  IoBackend& backend() noexcept { return *backend_; }
  NetStats& mutable_stats() noexcept { return stats_; }
  void touch(TurnFlush& target);            // a flush at the end of the turn
  void touch_patiently(TurnFlush& target);  // a busy loop may let it wait for more
  void forget(TurnFlush& target) noexcept;  // it is being destroyed
  // Flushes `target` with those whose turn has come, instead of at the end of the next turn: for a stream on top of
  // another, inside its own on_turn_flush().
  void flush_now(TurnFlush& target);
  void check_thread() const noexcept;  // debug builds: only the loop's own thread while it runs

  static const Clock& system_clock() noexcept;

 private:
  class TurnClock final : public Clock {
   public:
    explicit TurnClock(const Clock& source) : source_(source) { read(); }
    MonotonicTime monotonic() const override { return monotonic_; }
    WallTime wall() const override {
      if (!wall_) wall_ = source_.wall();
      return *wall_;
    }
    void read() {
      monotonic_ = source_.monotonic();
      wall_.reset();
    }

   private:
    const Clock& source_;
    MonotonicTime monotonic_;
    mutable std::optional<WallTime> wall_;  // read when a turn first asks, which most do not
  };

  void before_input() override;
  void run_mailbox();
  std::chrono::milliseconds sleep_time(std::chrono::milliseconds wait_max);
  void begin_turn();
  void end_turn();
  void run_hooks();
  void flush();
  void flush_touched();
  void flush_waiting();
  MonotonicTime::duration flush_delay_left(MonotonicTime now) const noexcept;
  void run_deferred();
  bool has_work() const noexcept;
  bool is_settled() const noexcept;  // nothing waits for the end of a turn

  const LoopIndex index_;
  const NetOptions& options_;
  const Clock& source_clock_;
  TurnClock now_;
  std::atomic<MonotonicTime::rep> last_turn_{0};
  std::atomic<bool> running_{false};
  bool stopping_ = false;
  bool in_hooks_ = false;
  bool hooks_have_more_ = false;
  bool skip_sleep_ = false;
  MonotonicTime turn_end_;

  NetStats stats_;
  Slabs slabs_;  // outlives what tasks own
  Mailbox mailbox_;
  BusyMeter busy_;
  TimerWheel timers_;
  std::unique_ptr<IoBackend> backend_;

  std::vector<TurnHook*> hooks_;  // nullptr: removed during run_hooks()
  FlushList flush_list_;
  std::vector<Task> behind_writes_;
  std::vector<Task> behind_writes_running_;  // kept for its capacity
  std::vector<Task> deferred_;
  std::vector<Task> deferred_running_;  // kept for its capacity
};

}  // namespace fanfare::net
