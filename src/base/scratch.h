// Scratch text of this thread: empty, with the capacity that earlier uses left, so that building a payload allocates
// nothing. One use at a time: from building a payload to handing it on.
#pragma once

#include <string>

namespace fanfare {

inline std::string& scratch() {
  thread_local std::string text;
  text.clear();
  return text;
}

}  // namespace fanfare
