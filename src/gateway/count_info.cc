#include "gateway/count_info.h"

#include <string>

#include "pusher/quote.h"

namespace fanfare::gateway {

Result<sdk::CountInfo> parse_count_info(std::string_view words) {
  sdk::CountInfo info;
  while (!words.empty()) {
    const std::size_t comma = words.find(',');
    const std::string_view word = words.substr(0, comma);
    if (word == "user_count") {
      info.user_count = true;
    } else if (word == "subscription_count") {
      info.subscription_count = true;
    } else {
      return invalid("info: expected user_count and subscription_count, found \"" + pusher::shortened(word, 64) + "\"");
    }
    words = comma == std::string_view::npos ? std::string_view{} : words.substr(comma + 1);
  }
  return info;
}

}  // namespace fanfare::gateway
