#include "pusher/auth_token.h"

#include <algorithm>
#include <array>

#include "pusher/quote.h"

namespace fanfare::pusher {
namespace {

// The text that was to be signed may hold channel_data; what an error repeats of it is bounded.
constexpr std::size_t kShownBytesMax = 2048;

// In any case: some client libraries send upper-case digits.
bool is_digest(std::string_view received, const crypto::HexDigest& expected) noexcept {
  std::array<char, 64> lower;
  if (received.size() != lower.size()) return false;
  std::transform(received.begin(), received.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c | 0x20) : c; });
  return crypto::constant_time_equal({lower.data(), lower.size()}, expected.view());
}

}  // namespace

Result<const AppKey*> verify_auth_token(const AppKeys& keys, std::string_view auth,
                                        std::initializer_list<std::string_view> parts) {
  const std::size_t colon = auth.find(':');
  if (colon == std::string_view::npos) return invalid("Invalid format: auth must have the format key:signature");
  const AppKey* key = keys.find_enabled(auth.substr(0, colon));
  if (key == nullptr) {
    return Error{ErrorKind::kUnauthorized,
                 "Invalid key in subscription auth data: '" + shortened(auth.substr(0, colon)) + "'"};
  }
  const std::string_view received = auth.substr(colon + 1);
  if (is_digest(received, key->hmac.hex(parts))) return key;
  std::string text;
  for (const std::string_view part : parts) text += part;
  return Error{ErrorKind::kUnauthorized, "Invalid signature: Expected HMAC SHA256 hex digest of " +
                                             shortened(text, kShownBytesMax) + ", but got " + shortened(received)};
}

std::string make_auth_token(const AppKey& key, std::initializer_list<std::string_view> parts) {
  std::string token = key.key;
  token.push_back(':');
  token += key.hmac.hex(parts).view();
  return token;
}

}  // namespace fanfare::pusher
