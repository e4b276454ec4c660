// The limits of control groups, versions 1 and 2: those of a process's group and of all above it hold together.
#pragma once

#include <string>

#include "doctor/host.h"

namespace fanfare::doctor {

// `root` and `process` as for read_host(). Of each kind the limit that leaves least; what has none is empty.
// Sources: cgroups(7); the kernel's "Control Group v2" and "cgroups v1".
Cgroup read_cgroup(const std::string& root, const std::string& process);

}  // namespace fanfare::doctor
