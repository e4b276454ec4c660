// Owners of OpenSSL's objects, and its errors as text. For this module's .cc files only.
#pragma once

#include <memory>
#include <string>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/freeing.h"

namespace fanfare::tls {

using BioPtr = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Freeing<X509_free>>;
using OcspResponsePtr = std::unique_ptr<OCSP_RESPONSE, Freeing<OCSP_RESPONSE_free>>;
using OcspBasicPtr = std::unique_ptr<OCSP_BASICRESP, Freeing<OCSP_BASICRESP_free>>;
using SslContextPtr = std::unique_ptr<SSL_CTX, Freeing<SSL_CTX_free>>;

// Why this thread's last call failed; empties OpenSSL's queue, so that the next reader does not find it.
std::string take_openssl_error();

}  // namespace fanfare::tls
