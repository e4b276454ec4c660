// The kernel's small text files, below /proc and /sys. What is not there, cannot be read or is something else is empty.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanfare::doctor {

// At most a MiB: what is beyond is left out.
std::optional<std::string> read_text(const std::string& path);

// The whole text is one number; "unlimited", "max" and negative numbers are kUnlimited.
std::optional<std::uint64_t> parse_number(std::string_view text);
std::optional<std::uint64_t> read_number(const std::string& path);

// Words between spaces, tabs and line breaks. Views into `text`.
std::vector<std::string_view> words_of(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);

// The words behind `label` in the line that begins with it: "MemAvailable:" → {"23536240", "kB"}. Empty: no such line.
std::vector<std::string_view> words_behind(std::string_view text, std::string_view label);
// Their first as a number.
std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view label);

}  // namespace fanfare::doctor
