#include "base/assert.h"

#include <array>
#include <cstdio>
#include <cstdlib>

#include <execinfo.h>
#include <unistd.h>

namespace fanfare {

void assertion_failed(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "fanfare: assertion failed: %s (%s:%d)\n", condition, file, line);
  constexpr int kFramesMax = 48;
  std::array<void*, kFramesMax> frames{};
  backtrace_symbols_fd(frames.data(), backtrace(frames.data(), kFramesMax), STDERR_FILENO);
  std::abort();
}

}  // namespace fanfare
