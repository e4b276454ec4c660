// For the deprecated functions see digest.cc; here they also give access to the state after the first block.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/hmac.h"

#include <algorithm>

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "base/bytes.h"
#include "crypto/hex.h"

namespace fanfare::crypto {
namespace {

using State = std::array<std::uint32_t, 8>;
using Block = std::array<std::uint8_t, SHA256_CBLOCK>;
constexpr std::uint32_t kBlockBits = SHA256_CBLOCK * 8;

State state_after(const Block& key, std::uint8_t pad) noexcept {
  Block padded = key;
  for (std::uint8_t& byte : padded) byte ^= pad;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, padded.data(), padded.size());
  State state;
  std::copy(std::begin(context.h), std::end(context.h), state.begin());
  OPENSSL_cleanse(padded.data(), padded.size());
  OPENSSL_cleanse(&context, sizeof context);
  return state;
}

// A context as it is right after the block that gave `state`.
SHA256_CTX resume(const State& state) noexcept {
  SHA256_CTX context;
  SHA256_Init(&context);
  std::copy(state.begin(), state.end(), std::begin(context.h));
  context.Nl = kBlockBits;
  return context;
}

}  // namespace

HexDigest::HexDigest(const Sha256Digest& digest) noexcept { write_hex(digest, digits_.data()); }

HmacKey::HmacKey(std::string_view secret) noexcept {
  Block key{};
  if (secret.size() > key.size()) {
    const Sha256Digest shortened = sha256(secret);
    std::copy(shortened.begin(), shortened.end(), key.begin());
  } else {
    std::copy(secret.begin(), secret.end(), key.begin());
  }
  inner_ = state_after(key, 0x36);
  outer_ = state_after(key, 0x5C);
  OPENSSL_cleanse(key.data(), key.size());
}

Sha256Digest HmacKey::digest(std::initializer_list<std::string_view> parts) const noexcept {
  SHA256_CTX context = resume(inner_);
  for (const std::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context);
  context = resume(outer_);
  SHA256_Update(&context, digest.data(), digest.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

bool constant_time_equal(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool constant_time_equal(const Sha256Digest& a, const Sha256Digest& b) noexcept {
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace fanfare::crypto
