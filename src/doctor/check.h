// Check: what the doctor says about one thing of the host.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fanfare::doctor {

enum class Verdict : std::uint8_t {
  kOk,
  kUnknown,  // could not be read here, e.g. since a container does not show it: look at it on the host
  kWarn,     // the connections fit; something else suffers, and `needed` says what
  kFail,     // the connections do not fit, or the server does not start
};

// "ok", "unknown", "warn", "fail".
std::string_view verdict_name(Verdict verdict) noexcept;

// One way to put it right. `line` can be pasted as it is: a shell command where `where` is "run", else into the file,
// unit or command line that `where` names.
struct Remedy {
  std::string where;
  std::string line;
};

struct Check {
  std::string id;  // stable: scripts go by it
  Verdict verdict = Verdict::kOk;
  std::string found{};
  std::string needed{};
  std::vector<Remedy> remedies{};  // none when the verdict is kOk, or when there is no other way
};

// The same check, kUnknown since `what` cannot be read.
Check unknown(Check check, std::string_view what);

// `value` of the sysctl `key`, at once and for good.
std::vector<Remedy> set_sysctl(std::string_view key, std::string_view value);
// The same for a sysctl that each network namespace has its own of: a container gets it from who starts it.
std::vector<Remedy> set_network_sysctl(std::string_view key, std::string_view value);

}  // namespace fanfare::doctor
