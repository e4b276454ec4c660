// Sec-WebSocket-Extensions, any value: what is agreed on is what the RFC allows, and is itself a valid offer.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/assert.h"
#include "base/bytes.h"
#include "ws/extension_list.h"
#include "ws/permessage_deflate.h"

namespace {

using namespace fanfare;

bool is_window(std::uint8_t bits) { return bits >= 8 && bits <= 15; }

void try_offer(std::string_view value, const ws::DeflateOffer& offer) {
  const std::optional<ws::DeflateResponse> agreed = ws::agree_on_deflate(value, offer);
  if (!agreed) return;
  FANFARE_ASSERT(ws::parse_extensions(value).has_value());
  const ws::DeflateAgreement& agreement = agreed->agreement;
  FANFARE_ASSERT(is_window(agreement.server_window_bits) && is_window(agreement.client_window_bits));
  FANFARE_ASSERT(agreement.server_window_bits <= offer.server_window_bits);
  FANFARE_ASSERT(!agreement.server_takes_over || (offer.server_takes_over && agreement.server_window_bits >= 9));
  FANFARE_ASSERT(!agreement.client_takes_over ||
                 (offer.client_takes_over && agreement.client_window_bits <= offer.client_window_bits));
  // A client that offers what it was answered gets the same again, but for windows that it was not told of.
  const std::optional<ws::DeflateResponse> again = ws::agree_on_deflate(agreed->extension, offer);
  FANFARE_ASSERT(again.has_value() && again->extension == agreed->extension);
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view value = as_text({data + 1, size - 1});
  ws::DeflateOffer offer;
  offer.server_takes_over = (data[0] & 1U) != 0;
  offer.client_takes_over = (data[0] & 2U) != 0;
  offer.server_window_bits = static_cast<std::uint8_t>(9U + (data[0] >> 2U) % 7U);
  offer.client_window_bits = static_cast<std::uint8_t>(8U + (data[0] >> 5U) % 8U);
  try_offer(value, offer);
  return 0;
}
