#include "crypto/public_key.h"

#include <memory>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "base/freeing.h"

namespace fanfare::crypto {
namespace {

using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using ContextPtr = std::unique_ptr<EVP_PKEY_CTX, Freeing<EVP_PKEY_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using NumberPtr = std::unique_ptr<BIGNUM, Freeing<BN_free>>;
using BuilderPtr = std::unique_ptr<OSSL_PARAM_BLD, Freeing<OSSL_PARAM_BLD_free>>;
using ParametersPtr = std::unique_ptr<OSSL_PARAM, Freeing<OSSL_PARAM_free>>;

constexpr std::size_t kPemBytesMax = 64UL * 1024;
constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kModulusBytesMax = kRsaBitsMax / 8;

// What OpenSSL noted about our failed call must not be found by the next reader of its queue.
Error refused(std::string message) {
  ERR_clear_error();
  return invalid(std::move(message));
}

Result<PublicKey> accept(const EVP_PKEY& key) {
  PublicKey made;
  if (EVP_PKEY_get_base_id(&key) == EVP_PKEY_RSA) {
    const int bits = EVP_PKEY_get_bits(&key);
    if (bits < kRsaBitsMin || bits > kRsaBitsMax) {
      return refused("an RSA key of " + std::to_string(bits) + " bits, at least " + std::to_string(kRsaBitsMin) +
                     " and at most " + std::to_string(kRsaBitsMax) + " are expected");
    }
  } else if (EVP_PKEY_get_base_id(&key) == EVP_PKEY_EC) {
    char curve[64] = {};
    std::size_t size = 0;
    if (EVP_PKEY_get_group_name(&key, curve, sizeof(curve), &size) != 1 ||
        std::string_view(curve) != SN_X9_62_prime256v1) {
      return refused("an elliptic curve other than P-256");
    }
    made.kind = PublicKeyKind::kEcP256;
  } else {
    return refused("expected a public key of RSA or of the curve P-256");
  }
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_PUBKEY(bio.get(), &key) != 1) return refused("the key cannot be written");
  char* text = nullptr;
  const auto size = BIO_get_mem_data(bio.get(), &text);
  made.pem.assign(text, static_cast<std::size_t>(size));
  return made;
}

NumberPtr number_of(std::string_view bytes) {
  return NumberPtr(
      BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr));
}

Result<PublicKey> make_key(const char* type, const BuilderPtr& builder) {
  const ParametersPtr parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const ContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* raw = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return refused("the numbers make no key");
  }
  const KeyPtr key(raw);
  const ContextPtr check(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  if (check == nullptr || EVP_PKEY_public_check(check.get()) != 1) return refused("the numbers make no key");
  return accept(*key);
}

}  // namespace

Result<PublicKey> parse_public_key(std::string_view pem) {
  if (pem.size() > kPemBytesMax) return invalid("a PEM file of more than 64 KiB");
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return refused("the PEM cannot be read");
  // No passphrase is ever asked for: a public key has none.
  const KeyPtr key(PEM_read_bio_PUBKEY(
      bio.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
  if (key == nullptr) return refused("expected a PEM that begins with -----BEGIN PUBLIC KEY-----");
  return accept(*key);
}

Result<PublicKey> make_rsa_key(std::string_view modulus, std::string_view exponent) {
  if (modulus.empty() || exponent.empty() || modulus.size() > kModulusBytesMax + 1 || exponent.size() > 8) {
    return invalid("the sizes of modulus and exponent are not those of an RSA key");
  }
  const NumberPtr n = number_of(modulus);
  const NumberPtr e = number_of(exponent);
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (n == nullptr || e == nullptr || builder == nullptr ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return refused("the numbers make no key");
  }
  return make_key("RSA", builder);
}

Result<PublicKey> make_p256_key(std::string_view x, std::string_view y) {
  // RFC 7518 section 6.2.1.2: the whole 32 bytes, leading zeros too.
  if (x.size() != kCoordinateBytes || y.size() != kCoordinateBytes) {
    return invalid("expected coordinates of 32 bytes");
  }
  std::string point("\x04");  // uncompressed
  point.append(x).append(y);
  const BuilderPtr builder(OSSL_PARAM_BLD_new());
  if (builder == nullptr ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return refused("the numbers make no key");
  }
  return make_key("EC", builder);
}

}  // namespace fanfare::crypto
