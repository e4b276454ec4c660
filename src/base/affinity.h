// Affinity: a class of one thread remembers which, and says so in debug builds when another one calls.
#pragma once

#ifndef NDEBUG
#include <thread>
#endif

#include "base/assert.h"

namespace fanfare {

class Affinity {
 public:
#ifdef NDEBUG
  void check() const noexcept {}
#else
  // The first call binds.
  void check() const noexcept {
    if (owner_ == std::thread::id{}) owner_ = std::this_thread::get_id();
    FANFARE_ASSERT(owner_ == std::this_thread::get_id());
  }

 private:
  mutable std::thread::id owner_;
#endif
};

}  // namespace fanfare
