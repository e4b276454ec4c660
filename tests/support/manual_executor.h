// An Executor whose tasks run when a test says so, in the orders that an Executor allows: those of one sender in order,
// those of different senders in any.
#pragma once

#include <cstddef>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/executor.h"

namespace fanfare::test {

class ManualExecutor final : public Executor {
 public:
  static constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

  explicit ManualExecutor(LoopIndex index, std::size_t bound = kNoBound) : index_(index), bound_(bound) {}
  // `*sender` tells who is posting at the moment; it outlives this.
  ManualExecutor(LoopIndex index, std::size_t bound, const std::size_t* sender)
      : index_(index), bound_(bound), sender_(sender) {}

  void post(Task task) override { lane().push_back({std::move(task), false}); }
  bool try_reserve(std::size_t count) override {
    if (count > bound_ - reserved_) return false;
    reserved_ += count;
    return true;
  }
  void post_reserved(Task task) override {
    FANFARE_ASSERT(reserved_ != 0);
    lane().push_back({std::move(task), true});
  }
  void release(std::size_t count) override {
    FANFARE_ASSERT(count <= reserved_);
    reserved_ -= count;
  }
  LoopIndex index() const noexcept override { return index_; }

  std::size_t lanes() const noexcept { return lanes_.size(); }
  std::size_t pending(std::size_t sender) const { return sender < lanes_.size() ? lanes_[sender].size() : 0; }
  std::size_t pending() const {
    std::size_t all = 0;
    for (const Lane& lane : lanes_) all += lane.size();
    return all;
  }
  // Places that are taken: reserved, or used by a task that waits.
  std::size_t reserved() const noexcept { return reserved_; }

  // Runs the task that `sender` posted first; with `place`, one behind it, which no real mailbox would do.
  void run_one(std::size_t sender, std::size_t place = 0) {
    Lane& lane = lanes_[sender];
    const auto at = lane.begin() + static_cast<std::ptrdiff_t>(place);
    Waiting waiting = std::move(*at);
    lane.erase(at);
    if (waiting.is_bounded) --reserved_;
    waiting.task();
  }
  // Everything, also what is posted meanwhile. False: there was nothing.
  bool run_all() {
    bool ran = false;
    for (std::size_t sender = 0; sender < lanes_.size(); ++sender) {
      for (; !lanes_[sender].empty(); ran = true) run_one(sender);
    }
    return ran;
  }

 private:
  struct Waiting {
    Task task;
    bool is_bounded = false;
  };
  using Lane = std::deque<Waiting>;

  Lane& lane() {
    const std::size_t sender = sender_ == nullptr ? 0 : *sender_;
    if (lanes_.size() <= sender) lanes_.resize(sender + 1);
    return lanes_[sender];
  }

  LoopIndex index_;
  std::size_t bound_;
  const std::size_t* sender_ = nullptr;
  std::size_t reserved_ = 0;
  std::vector<Lane> lanes_;
};

}  // namespace fanfare::test
