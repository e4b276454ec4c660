// What the query of a signed request asks for.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fanfare::api {

// Decoded, in the order of the query, without auth_* and body_md5, which belong to the signature.
using QueryParameters = std::vector<std::pair<std::string, std::string>>;

// Those of `query`, as it was received without its `?`. What is encoded wrongly is left out.
QueryParameters query_parameters(std::string_view query);
// The first of that name. Null: absent.
const std::string* find_parameter(const QueryParameters& query, std::string_view name) noexcept;
// The parameters that `known` does not name, as the hosted service complains of them; empty: none.
std::string extraneous_parameters(const QueryParameters& query, std::initializer_list<std::string_view> known);

}  // namespace fanfare::api
