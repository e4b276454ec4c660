// Running a command with a text on its standard input.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fanfare::gateway {

// Runs `command` by /bin/sh with this process' environment and `variables` on top, `input` on its standard input, its
// output discarded (errors go to this process' standard error). Done when it exits with 0.
// Blocks: for at most `time`; then, or once `stop` is true, its whole process group is killed.
// Fails: kIo when it cannot be started; kUnavailable for another exit status, a signal, or no end in time.
Status run_command_blocking(const std::string& command, std::string_view input,
                            const std::vector<std::pair<std::string, std::string>>& variables,
                            std::chrono::milliseconds time, const std::atomic<bool>& stop);

}  // namespace fanfare::gateway
