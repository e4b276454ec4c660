// Reading a Host from /proc and /sys. Linux.
#pragma once

#include <string>

#include "doctor/host.h"

namespace fanfare::doctor {

// `root` stands before each path: empty for this machine; tests, and copies of another machine's files, have a folder.
// `process`: a process id, or "self". What cannot be read is left empty. Blocks for small files.
Host read_host(const std::string& root, const std::string& process);

}  // namespace fanfare::doctor
