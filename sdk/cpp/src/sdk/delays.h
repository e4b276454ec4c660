// Delays: work that is to be done later; the waits between attempts.
#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace fanfare::sdk {

class Delays {
 public:
  // `is_stopped`: the time has not come, and will not.
  using Task = std::function<void(bool is_stopped)>;

  Delays() = default;
  Delays(const Delays&) = delete;
  Delays& operator=(const Delays&) = delete;
  virtual ~Delays() = default;

  // Runs `task` once, after `delay` or when it is stopped, from any thread. Thread: any.
  virtual void after(std::chrono::milliseconds delay, Task task) = 0;
  // Runs what waits with `is_stopped`, before it returns; what comes later is run so at once.
  virtual void stop() = 0;
};

// On a thread of its own, which begins with the first task. Thread: any; stop() not from a task.
std::unique_ptr<Delays> make_delays();

}  // namespace fanfare::sdk
