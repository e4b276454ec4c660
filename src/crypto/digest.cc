// OpenSSL 3 deprecates these functions for EVP, which fetches an algorithm and allocates a context for each digest.
// They stay supported through 3.x and cost nothing but the hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

#include "base/bytes.h"

namespace fanfare::crypto {

Md5Digest md5(std::string_view text) noexcept {
  Md5Digest digest;
  MD5(as_bytes(text).data(), text.size(), digest.data());
  return digest;
}

Sha1Digest sha1(std::string_view text) noexcept {
  Sha1Digest digest;
  SHA1(as_bytes(text).data(), text.size(), digest.data());
  return digest;
}

Sha256Digest sha256(std::string_view text) noexcept {
  Sha256Digest digest;
  SHA256(as_bytes(text).data(), text.size(), digest.data());
  return digest;
}

}  // namespace fanfare::crypto
