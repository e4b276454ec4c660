// From a parsed TOML file into an Assembly.
#pragma once

#include <string>
#include <string_view>

#include "config/assembly.h"
#include "config/document.h"

namespace fanfare::config {

inline constexpr std::size_t kAppsMax = 100'000;
inline constexpr std::size_t kKeysOfAppMax = 32;

// Every table of the file. `file` is its name in places.
void read_document(const Table& document, std::string_view file, Assembly& assembly);

// The file that keeps the first app: [[apps]] and nothing else.
void read_apps_only(const Table& document, std::string_view file, Assembly& assembly);

// [access] and [[access.rules]].
void read_access(const Member& section, std::string_view file, Assembly& assembly);

// The list `certificates` of [tls].
void read_certificates(const Member& list, std::string_view file, Assembly& assembly);

// The array of [[apps]].
void read_apps(const Node& apps, std::string_view file, Assembly& assembly);

}  // namespace fanfare::config
