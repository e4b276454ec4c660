#include "doctor/check.h"

#include <fmt/format.h>

namespace fanfare::doctor {

std::string_view verdict_name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::kOk:
      return "ok";
    case Verdict::kUnknown:
      return "unknown";
    case Verdict::kWarn:
      return "warn";
    case Verdict::kFail:
      return "fail";
  }
  return "fail";
}

Check unknown(Check check, std::string_view what) {
  check.verdict = Verdict::kUnknown;
  check.found = fmt::format("{} cannot be read here", what);
  return check;
}

std::vector<Remedy> set_sysctl(std::string_view key, std::string_view value) {
  return {{"run", fmt::format("sysctl -w {}=\"{}\"", key, value)},
          {"/etc/sysctl.d/60-fanfare.conf", fmt::format("{} = {}", key, value)}};
}

std::vector<Remedy> set_network_sysctl(std::string_view key, std::string_view value) {
  std::vector<Remedy> remedies = set_sysctl(key, value);
  remedies.push_back({"docker run", fmt::format("--sysctl {}=\"{}\"", key, value)});
  return remedies;
}

}  // namespace fanfare::doctor
