// Scratch text of this thread: empty, with the capacity that earlier uses left. One use at a time: from building a
// payload to handing it to the transport.
#pragma once

#include <string>

namespace fanfare::session {

inline std::string& scratch() {
  thread_local std::string text;
  text.clear();
  return text;
}

}  // namespace fanfare::session
