// Small files, read whole and written whole.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::config {

inline constexpr std::size_t kFileBytesMax = 4UL * 1024 * 1024;

// Fails: kTooLarge above kFileBytesMax; kIo with the system's reason.
Result<std::string> read_file(const std::string& path);

// A file that only its owner may have touched or seen. Nothing: there is none.
// Fails: kForbidden when it is not a plain file, is not this user's, or is open to others; else as read_file().
Result<std::optional<std::string>> read_private_file(const std::string& path);

// Writes a file of mode 0600 that must not be there yet, whole or not at all. False: it is there, untouched.
// Fails: kIo.
Result<bool> create_private_file(const std::string& path, std::string_view text);

// Makes a folder of mode 0700 and those above it, where they are missing. Fails: kIo.
Status make_private_folder(const std::string& path);

}  // namespace fanfare::config
