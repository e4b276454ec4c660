#include "fanfare/transport.h"

namespace fanfare::sdk {

std::string_view HttpResponse::header(std::string_view name) const noexcept {
  for (const auto& [header_name, value] : headers) {
    if (header_name == name) return value;
  }
  return {};
}

}  // namespace fanfare::sdk
