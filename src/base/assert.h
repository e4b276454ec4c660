// Assertions about our own code. Never on input: what others send is answered with an Error.
#pragma once

namespace fanfare {

// Prints the failed condition, its place and a backtrace to stderr, then aborts.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace fanfare

// Always checked.
#define FANFARE_ASSERT(condition)                          \
  (__builtin_expect((condition) ? 1 : 0, 1) != 0 ? void(0) \
                                                 : ::fanfare::assertion_failed(#condition, __FILE__, __LINE__))

// Checked in debug builds only: for what a hot path cannot afford.
#ifdef NDEBUG
#define FANFARE_DEBUG_ASSERT(condition) (void(sizeof((condition) ? 1 : 0)))
#else
#define FANFARE_DEBUG_ASSERT(condition) FANFARE_ASSERT(condition)
#endif
