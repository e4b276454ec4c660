// Queries, paths and percent-encoding: any bytes.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"
#include "http/query.h"
#include "http/url.h"

namespace {

using namespace fanfare;

void check_coding(std::string_view text) {
  FANFARE_ASSERT(http::percent_decode(http::percent_encode(text)) == std::string(text));
  for (const http::PlusSign plus : {http::PlusSign::kLiteral, http::PlusSign::kSpace}) {
    const std::optional<std::string> decoded = http::percent_decode(text, plus);
    FANFARE_ASSERT(!decoded || decoded->size() <= text.size());
    if (http::is_percent_free(text, plus)) FANFARE_ASSERT(decoded == std::string(text));
  }
}

void check_pairs(std::string_view query) {
  std::size_t characters = 0;
  http::QueryPairs pairs(query);
  while (const std::optional<http::RawPair> pair = pairs.next()) {
    FANFARE_ASSERT(pair->name.find_first_of("&=") == std::string_view::npos);
    FANFARE_ASSERT(pair->value.find('&') == std::string_view::npos);
    characters += pair->name.size() + pair->value.size() + (pair->has_value ? 1 : 0);
    check_coding(pair->value);
    const std::optional<std::string> name = http::percent_decode(pair->name, http::PlusSign::kSpace);
    if (name) (void)http::query_parameter(query, *name);
  }
  FANFARE_ASSERT(characters <= query.size());
}

void check_path(std::string_view path) {
  std::string joined;
  http::PathSegments segments(path);
  while (const std::optional<std::string_view> segment = segments.next()) joined.append("/").append(*segment);
  FANFARE_ASSERT(joined == path);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 4096) return 0;  // pairs are looked for once for each pair
  const std::string_view text = as_text({data, size});
  check_coding(text);
  check_pairs(text);
  check_path("/" + std::string(text));
  return 0;
}
