#include "sdk/delays.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace fanfare::sdk {
namespace {

using Time = std::chrono::steady_clock::time_point;

class ThreadDelays final : public Delays {
 public:
  ~ThreadDelays() override { ThreadDelays::stop(); }

  void after(std::chrono::milliseconds delay, Task task) override {
    {
      const std::lock_guard lock(mutex_);
      if (!is_stopped_) {
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
        waiting_.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
        changed_.notify_one();
        return;
      }
    }
    task(true);
  }

  void stop() override {
    std::multimap<Time, Task> left;
    {
      const std::lock_guard lock(mutex_);
      is_stopped_ = true;
      left.swap(waiting_);
      changed_.notify_one();
    }
    if (thread_.joinable()) thread_.join();
    for (auto& [time, task] : left) task(true);
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (!is_stopped_) {
      if (waiting_.empty()) {
        changed_.wait(lock);
        continue;
      }
      const Time next = waiting_.begin()->first;
      if (next > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, next);
        continue;
      }
      auto due = waiting_.extract(waiting_.begin());
      lock.unlock();
      due.mapped()(false);
      lock.lock();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Time, Task> waiting_;
  bool is_stopped_ = false;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Delays> make_delays() { return std::make_unique<ThreadDelays>(); }

}  // namespace fanfare::sdk
