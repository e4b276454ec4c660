#include "http/query.h"

#include <algorithm>

namespace fanfare::http {

std::optional<RawPair> QueryPairs::next() noexcept {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('&'), rest_.size());
    const std::string_view pair = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return RawPair{.name = pair, .value = {}, .has_value = false};
    return RawPair{.name = pair.substr(0, equals), .value = pair.substr(equals + 1), .has_value = true};
  }
  return std::nullopt;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name, PlusSign plus) {
  QueryPairs pairs(query);
  while (const std::optional<RawPair> pair = pairs.next()) {
    const bool is_plain = is_percent_free(pair->name, plus);
    if (is_plain ? pair->name == name : percent_decode(pair->name, plus) == name) {
      return percent_decode(pair->value, plus);
    }
  }
  return std::nullopt;
}

}  // namespace fanfare::http
