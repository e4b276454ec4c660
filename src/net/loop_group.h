// LoopGroup: all loops of the process, each on a thread of its own.
//
// Thread: made, started, stopped and destroyed by one thread; at() and post_to_all() from any.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "base/strong_id.h"
#include "net/event_loop.h"
#include "net/options.h"

namespace fanfare::net {

class LoopGroup {
 public:
  // However many cores there are; core::ConnectionRef has no room for more.
  static constexpr std::size_t kLoopsMax = 64;

  // Makes `options.loops` loops; they do not run yet. `options` must outlive the group.
  // Fails: StartupError.
  explicit LoopGroup(const NetOptions& options, const Clock& clock = EventLoop::system_clock());
  LoopGroup(const LoopGroup&) = delete;
  LoopGroup& operator=(const LoopGroup&) = delete;
  ~LoopGroup();  // stops

  void start();
  // Lets every loop finish what was posted before, then joins the threads. `at_end` is called on each loop's thread
  // behind its last turn: there ends what has lived on it. The loops themselves stay until the group's end. Repeating
  // it does nothing.
  void stop(std::function<void(LoopIndex)> at_end = {});

  std::size_t size() const noexcept { return loops_.size(); }
  EventLoop& at(LoopIndex index) noexcept { return *loops_[index.value()]; }
  const EventLoop& at(LoopIndex index) const noexcept { return *loops_[index.value()]; }

  // Runs a copy of `callable`(EventLoop&) on every loop. Does not wait.
  template <typename Callable>
  void post_to_all(const Callable& callable) {
    for (const auto& loop : loops_) loop->post([callable, target = loop.get()]() mutable { callable(*target); });
  }

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::vector<std::thread> threads_;
  std::function<void(LoopIndex)> at_end_;  // set before the loops are told to stop, read by them afterwards
  const bool pin_;
};

}  // namespace fanfare::net
