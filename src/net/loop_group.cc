#include "net/loop_group.h"

#include <algorithm>
#include <string>
#include <utility>

#include <pthread.h>
#include <sched.h>

#include "base/assert.h"

namespace fanfare::net {

namespace {

// The cores that this process may use: fewer than the machine has under taskset or a cpuset.
std::vector<int> usable_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof(allowed), &allowed) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &allowed)) cores.push_back(core);
    }
  }
  if (cores.empty()) cores.push_back(0);
  return cores;
}

void pin_this_thread(int core) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(core, &one);
  // A wish: where it is refused the loop runs wherever the kernel puts it.
  ::pthread_setaffinity_np(::pthread_self(), sizeof(one), &one);
}

}  // namespace

LoopGroup::LoopGroup(const NetOptions& options, const Clock& clock) : pin_(options.pin_loops) {
  const std::size_t count = options.loops > 0 ? options.loops : std::min(usable_cores().size(), kLoopsMax);
  for (std::size_t i = 0; i < count; ++i) {
    loops_.push_back(std::make_unique<EventLoop>(LoopIndex(static_cast<std::uint16_t>(i)), options, clock));
  }
}

LoopGroup::~LoopGroup() {
  stop();
  // While all loops still exist: a destroyed task may post to another loop.
  for (int round = 0; round < 2; ++round) {
    for (const auto& loop : loops_) loop->discard_tasks();
  }
}

void LoopGroup::start() {
  FANFARE_ASSERT(threads_.empty());
  const std::vector<int> cores = usable_cores();
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    threads_.emplace_back([this, i, core = cores[i % cores.size()]] {
      ::pthread_setname_np(::pthread_self(), ("fanfare-loop-" + std::to_string(i % 100)).c_str());
      if (pin_) pin_this_thread(core);
      loops_[i]->run();
      if (at_end_) at_end_(LoopIndex(static_cast<std::uint16_t>(i)));
    });
  }
}

void LoopGroup::stop(std::function<void(LoopIndex)> at_end) {
  if (threads_.empty()) return;
  at_end_ = std::move(at_end);
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  at_end_ = {};
}

}  // namespace fanfare::net
