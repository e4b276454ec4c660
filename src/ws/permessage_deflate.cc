#include "ws/permessage_deflate.h"

#include <algorithm>
#include <vector>

#include "ws/extension_list.h"

namespace fanfare::ws {
namespace {

constexpr std::string_view kName = "permessage-deflate";
constexpr std::string_view kServerKeepsNone = "server_no_context_takeover";
constexpr std::string_view kClientKeepsNone = "client_no_context_takeover";
constexpr std::string_view kServerWindow = "server_max_window_bits";
constexpr std::string_view kClientWindow = "client_max_window_bits";
constexpr std::uint8_t kBitsMax = 15;
constexpr std::uint8_t kDeflatableBitsMin = 9;

// What a client asks for.
struct Wish {
  bool server_keeps_none = false;
  bool client_keeps_none = false;
  std::optional<std::uint8_t> server_window_bits;
  bool client_may_be_told_bits = false;  // client_max_window_bits is there
  std::uint8_t client_window_bits = kBitsMax;
};

// "8" to "15", without leading zeros.
std::optional<std::uint8_t> window_bits_of(std::string_view text) {
  if (text == "8" || text == "9") return static_cast<std::uint8_t>(text[0] - '0');
  const bool is_valid = text.size() == 2 && text[0] == '1' && text[1] >= '0' && text[1] <= '5';
  if (!is_valid) return std::nullopt;
  return static_cast<std::uint8_t>(10 + (text[1] - '0'));
}

// False: the offer has to be declined for this parameter.
bool note(const ExtensionParameter& parameter, Wish& wish) {
  if (parameter.name == kServerKeepsNone || parameter.name == kClientKeepsNone) {
    (parameter.name == kServerKeepsNone ? wish.server_keeps_none : wish.client_keeps_none) = true;
    return !parameter.value.has_value();
  }
  if (parameter.name == kServerWindow) {
    if (parameter.value) wish.server_window_bits = window_bits_of(*parameter.value);
    return wish.server_window_bits.has_value();
  }
  if (parameter.name != kClientWindow) return false;
  wish.client_may_be_told_bits = true;
  if (!parameter.value) return true;
  const std::optional<std::uint8_t> bits = window_bits_of(*parameter.value);
  wish.client_window_bits = bits.value_or(kBitsMax);
  return bits.has_value();
}

std::optional<Wish> wish_of(const Extension& extension) {
  Wish wish;
  for (auto each = extension.parameters.begin(); each != extension.parameters.end(); ++each) {
    const bool is_repeated = std::any_of(extension.parameters.begin(), each,
                                         [&](const ExtensionParameter& earlier) { return earlier.name == each->name; });
    if (is_repeated || !note(*each, wish)) return std::nullopt;
  }
  return wish;
}

DeflateResponse grant(const Wish& wish, const DeflateOffer& offer) {
  DeflateAgreement agreement;
  agreement.server_window_bits = std::min(offer.server_window_bits, wish.server_window_bits.value_or(kBitsMax));
  // zlib deflates with no window of 8 bits: what is so short that it needs none can be deflated, but nothing is kept.
  agreement.server_takes_over =
      offer.server_takes_over && !wish.server_keeps_none && agreement.server_window_bits >= kDeflatableBitsMin;
  agreement.client_window_bits =
      std::min(wish.client_window_bits, wish.client_may_be_told_bits ? offer.client_window_bits : kBitsMax);
  // A client that cannot be told how much may be kept for it gets nothing kept, unless it is as much as there can be.
  const bool fits = agreement.client_window_bits <= offer.client_window_bits;
  agreement.client_takes_over = offer.client_takes_over && !wish.client_keeps_none && fits;

  std::string extension(kName);
  const auto add = [&extension](std::string_view name) { extension.append("; ").append(name); };
  if (!agreement.server_takes_over) add(kServerKeepsNone);
  if (!agreement.client_takes_over) add(kClientKeepsNone);
  if (wish.server_window_bits) {
    add(kServerWindow);
    extension.append("=").append(std::to_string(agreement.server_window_bits));
  }
  if (wish.client_may_be_told_bits && agreement.client_window_bits < kBitsMax) {
    add(kClientWindow);
    extension.append("=").append(std::to_string(agreement.client_window_bits));
  }
  return {agreement, std::move(extension)};
}

}  // namespace

std::optional<DeflateResponse> agree_on_deflate(std::string_view extensions, const DeflateOffer& offer) {
  const std::optional<std::vector<Extension>> offers = parse_extensions(extensions);
  if (!offers) return std::nullopt;
  for (const Extension& extension : *offers) {
    if (extension.name != kName) continue;
    if (const std::optional<Wish> wish = wish_of(extension)) return grant(*wish, offer);
  }
  return std::nullopt;
}

}  // namespace fanfare::ws
