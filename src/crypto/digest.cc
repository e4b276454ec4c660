// OpenSSL 3 deprecates these functions for EVP, which fetches an algorithm and allocates a context for each digest.
// They stay supported through 3.x and cost nothing but the hash; but SHA1() and SHA256() in one call are EVP inside,
// which also starts all of the library up: 2 MB of it, and MD5() wipes its context as if the text were a secret.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/digest.h"

#include <openssl/md5.h>
#include <openssl/sha.h>

namespace fanfare::crypto {

Md5Digest md5(std::string_view text) noexcept {
  Md5Digest digest;
  MD5_CTX context;
  MD5_Init(&context);
  MD5_Update(&context, text.data(), text.size());
  MD5_Final(digest.data(), &context);
  return digest;
}

Sha1Digest sha1(std::string_view text) noexcept {
  Sha1Digest digest;
  SHA_CTX context;
  SHA1_Init(&context);
  SHA1_Update(&context, text.data(), text.size());
  SHA1_Final(digest.data(), &context);
  return digest;
}

Sha256Digest sha256(std::string_view text) noexcept {
  Sha256Digest digest;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, text.data(), text.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

}  // namespace fanfare::crypto
