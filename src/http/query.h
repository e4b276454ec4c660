// The query of a URL: name=value pairs between '&'.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/url.h"

namespace fanfare::http {

struct RawPair {
  std::string_view name;  // as it was sent
  std::string_view value;
  bool has_value = false;  // "a" against "a="
};

// Walks over the raw pairs in their order. Empty ones ("a=1&&b=2") are left out. Allocates nothing.
class QueryPairs {
 public:
  explicit QueryPairs(std::string_view query) noexcept : rest_(query) {}
  std::optional<RawPair> next() noexcept;

 private:
  std::string_view rest_;
};

// The decoded value of the first pair with that name; nothing when there is none, or it is encoded wrongly.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name,
                                           PlusSign plus = PlusSign::kSpace);

}  // namespace fanfare::http
