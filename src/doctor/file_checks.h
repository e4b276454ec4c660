// Open files: a client connection is one. Pure.
#pragma once

#include "doctor/check.h"
#include "doctor/host.h"
#include "doctor/plan.h"

namespace fanfare::doctor {

// The ceiling of RLIMIT_NOFILE for every process: fs.nr_open.
Check check_nr_open(const Plan& plan, const Host& host);
// RLIMIT_NOFILE. The server raises the soft limit to the hard one by itself, and the hard one where it may.
Check check_open_files_hard(const Plan& plan, const Host& host);
Check check_open_files_soft(const Plan& plan, const Host& host);
// All processes together: fs.file-max.
Check check_file_max(const Plan& plan, const Host& host);

}  // namespace fanfare::doctor
