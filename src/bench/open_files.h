// Open files: every connection of the load is one.
#pragma once

#include <cstdint>

namespace fanfare::bench {

// Raises the process's limit to what `connections` take, and some for all else.
// Fails: StartupError, which says what to do, where that may not be.
void claim_open_files(std::uint64_t connections);

}  // namespace fanfare::bench
