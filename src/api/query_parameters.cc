#include "api/query_parameters.h"

#include <algorithm>
#include <optional>

#include "http/query.h"
#include "http/url.h"
#include "pusher/signed_query.h"

namespace fanfare::api {

QueryParameters query_parameters(std::string_view query) {
  QueryParameters parameters;
  http::QueryPairs pairs(query);
  while (const auto pair = pairs.next()) {
    std::optional<std::string> name = http::percent_decode(pair->name, http::PlusSign::kSpace);
    std::optional<std::string> value = http::percent_decode(pair->value, http::PlusSign::kSpace);
    if (!name || !value || pusher::belongs_to_signature(*name)) continue;
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

const std::string* find_parameter(const QueryParameters& query, std::string_view name) noexcept {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string extraneous_parameters(const QueryParameters& query, std::initializer_list<std::string_view> known) {
  std::string names;
  for (const auto& [name, value] : query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names.empty() ? names : "The following query string parameters are extraneous: " + names;
}

}  // namespace fanfare::api
