#include "http/method.h"

#include <array>
#include <cstddef>

namespace fanfare::http {

namespace {

constexpr std::array<std::string_view, kMethods> kNames = {"GET",   "HEAD",   "POST",    "PUT",
                                                           "PATCH", "DELETE", "OPTIONS", "OTHER"};

}  // namespace

std::string_view method_name(Method method) noexcept { return kNames[static_cast<std::size_t>(method)]; }

Method method_of(std::string_view name) noexcept {
  for (std::size_t i = 0; i + 1 < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<Method>(i);
  }
  return Method::kOther;
}

}  // namespace fanfare::http
