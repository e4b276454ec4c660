// Signed queries: what is parsed, encoded again and parsed again is the same; the canonical string is that of the
// parameters, whether it was put together or stood in the query; verifying never crashes.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/bytes.h"
#include "pusher/request_signature.h"
#include "pusher/signed_query.h"

namespace {

using fanfare::pusher::PlusSign;
using fanfare::pusher::SignedQuery;

void check_round_trip(const SignedQuery& query) {
  std::string encoded;
  std::string joined;
  for (const auto& [key, value] : query.parameters()) {
    if (!joined.empty()) joined.push_back('&');
    joined.append(key).append("=").append(value);
    encoded.push_back('&');
    fanfare::pusher::append_percent_encoded(encoded, key);
    encoded.push_back('=');
    fanfare::pusher::append_percent_encoded(encoded, value);
  }
  std::string canonical;
  query.append_canonical(canonical);
  FANFARE_ASSERT(canonical == joined);
  SignedQuery again;
  FANFARE_ASSERT(again.parse(encoded, PlusSign::kIsSpace));
  FANFARE_ASSERT(again.parameters().size() == query.parameters().size());
  for (std::size_t i = 0; i < query.parameters().size(); ++i) {
    FANFARE_ASSERT(again.parameters()[i].key == query.parameters()[i].key);
    FANFARE_ASSERT(again.parameters()[i].value == query.parameters()[i].value);
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fanfare::pusher::AppKeys keys({fanfare::pusher::AppKey("k", "secret")});
  const std::string_view raw = fanfare::as_text({data, size});
  for (const PlusSign plus : {PlusSign::kIsSpace, PlusSign::kIsPlus}) {
    SignedQuery query;
    if (query.parse(raw, plus)) check_round_trip(query);
  }
  const auto verified =
      fanfare::pusher::verify_request(keys, {.method = "GET", .path = raw, .query = raw, .body = raw}, 1'700'000'000);
  FANFARE_ASSERT(verified.ok() || verified.error().message.size() < 32 * fanfare::kKiB);
  return 0;
}
