// For the tests of this module: certificates made on the spot, and a TLS client without a socket.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "support/temp_folder.h"
#include "tls/openssl_ptr.h"
#include "tls/options.h"
#include "tls/tls_context.h"

namespace fanfare::tls {

struct TestIdentity {
  X509Ptr certificate;
  KeyPtr key;
};

struct TestIdentityOptions {
  std::vector<std::string> names{};
  int days = 30;  // that it lasts; negative: it has ended
  bool is_authority = false;
  long serial = 1;
};

// Signed by `issuer`, or by itself.
inline TestIdentity make_identity(const TestIdentityOptions& options, const TestIdentity* issuer = nullptr) {
  TestIdentity made{X509Ptr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  X509* raw = made.certificate.get();
  X509_set_version(raw, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(raw), options.serial);
  X509_gmtime_adj(X509_getm_notBefore(raw), -90L * 86'400);
  X509_gmtime_adj(X509_getm_notAfter(raw), options.days * 86'400L);
  X509_set_pubkey(raw, made.key.get());
  const std::string name = options.names.empty() ? "authority" : options.names.front();
  X509_NAME_add_entry_by_txt(X509_get_subject_name(raw), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509* signer = issuer == nullptr ? raw : issuer->certificate.get();
  X509_set_issuer_name(raw, X509_get_subject_name(signer));
  const auto add = [&](int id, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()));
    ASSERT_NE(extension, nullptr) << value;
    X509_add_ext(raw, extension.get(), -1);
  };
  add(NID_basic_constraints, options.is_authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!options.names.empty()) {
    std::string text;
    for (const std::string& one : options.names) text += (text.empty() ? "DNS:" : ",DNS:") + one;
    add(NID_subject_alt_name, text);
  }
  X509_sign(raw, issuer == nullptr ? made.key.get() : issuer->key.get(), EVP_sha256());
  return made;
}

inline std::string pem_of(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio.get(), &text));
  return {text, size};
}

inline std::string pem_of(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio.get(), &text));
  return {text, size};
}

// A folder with an authority and certificates of its.
class TestCertificates {
 public:
  TestCertificates() { folder_.write("ca.pem", pem_of(authority_.certificate.get())); }

  CertificateFiles add(const std::string& file, const TestIdentityOptions& options) {
    const TestIdentity identity = make_identity(options, &authority_);
    return {.certificate = folder_.write(file + ".pem", pem_of(identity.certificate.get())),
            .key = folder_.write(file + ".key", pem_of(identity.key.get()))};
  }
  std::string authority_file() const { return folder_.file("ca.pem"); }
  const TestIdentity& authority() const { return authority_; }
  const test::TempFolder& folder() const { return folder_; }

 private:
  test::TempFolder folder_;
  TestIdentity authority_ = make_identity({.names = {"authority " + folder_.path()}, .is_authority = true});
};

// The client's side of a connection: bytes in, bytes out.
struct TestClientOptions {
  std::string host = "localhost";
  int max_version = TLS1_3_VERSION;
  int min_version = TLS1_2_VERSION;
  std::string ciphers{};                 // of TLS 1.2; empty: OpenSSL's
  std::vector<std::string> protocols{};  // ALPN
  std::string authority{};               // file; empty: trusts everybody
  CertificateFiles identity{};           // client certificate
  bool asks_for_status = false;          // OCSP
  SSL_SESSION* session = nullptr;        // to come back with
};

class TestTlsClient {
 public:
  explicit TestTlsClient(const TestClientOptions& options = {}) : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX_set_security_level(context_.get(), 0);  // to be able to offer what a server must refuse
    SSL_CTX_set_min_proto_version(context_.get(), options.min_version);
    SSL_CTX_set_max_proto_version(context_.get(), options.max_version);
    if (!options.ciphers.empty()) {
      EXPECT_EQ(SSL_CTX_set_cipher_list(context_.get(), options.ciphers.c_str()), 1);
    }
    if (!options.authority.empty()) {
      SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
      EXPECT_EQ(SSL_CTX_load_verify_locations(context_.get(), options.authority.c_str(), nullptr), 1);
    }
    if (!options.identity.certificate.empty()) {
      EXPECT_EQ(SSL_CTX_use_certificate_chain_file(context_.get(), options.identity.certificate.c_str()), 1);
      EXPECT_EQ(SSL_CTX_use_PrivateKey_file(context_.get(), options.identity.key.c_str(), SSL_FILETYPE_PEM), 1);
    }
    SSL_CTX_set_session_cache_mode(context_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_set_app_data(context_.get(), session_.get());
    SSL_CTX_sess_set_new_cb(context_.get(), [](SSL* connection, SSL_SESSION* session) {
      static_cast<SessionPtr*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)))->reset(session);
      return 1;
    });
    connection_.reset(SSL_new(context_.get()));
    if (!options.host.empty()) {
      // What SSL_set_tlsext_host_name() does, with a cast of C. The text is copied.
      SSL_ctrl(connection_.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(options.host.c_str()));
      SSL_set1_host(connection_.get(), options.host.c_str());
    }
    std::string protocols;
    for (const std::string& one : options.protocols) protocols += static_cast<char>(one.size()) + one;
    if (!protocols.empty()) {
      SSL_set_alpn_protos(connection_.get(), reinterpret_cast<const unsigned char*>(protocols.data()),
                          static_cast<unsigned>(protocols.size()));
    }
    if (options.asks_for_status) SSL_set_tlsext_status_type(connection_.get(), TLSEXT_STATUSTYPE_ocsp);
    if (options.session != nullptr) {
      // A copy: OpenSSL calls the session of a connection that ends without a goodbye bad.
      const SessionPtr copy(SSL_SESSION_dup(options.session));
      SSL_set_session(connection_.get(), copy.get());
    }
    SSL_set_bio(connection_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(connection_.get());
  }

  // Bytes from the server.
  void give(std::string_view bytes) {
    if (!bytes.empty()) BIO_write(SSL_get_rbio(connection_.get()), bytes.data(), static_cast<int>(bytes.size()));
    step();
  }
  // Bytes for the server.
  std::string take() {
    if (!is_done && !has_failed) step();
    BIO* const out = SSL_get_wbio(connection_.get());
    std::string bytes(BIO_ctrl_pending(out), '\0');
    if (!bytes.empty()) BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
  }
  void write(std::string_view text) {
    EXPECT_EQ(SSL_write(connection_.get(), text.data(), static_cast<int>(text.size())), static_cast<int>(text.size()));
  }
  void end() { SSL_shutdown(connection_.get()); }

  SSL* ssl() { return connection_.get(); }
  SSL_SESSION* session() { return session_->get(); }
  std::string common_name() {
    std::string name(64, '\0');
    const int size = X509_NAME_get_text_by_NID(X509_get_subject_name(SSL_get0_peer_certificate(connection_.get())),
                                               NID_commonName, name.data(), static_cast<int>(name.size()));
    name.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
    return name;
  }

  std::string received;
  bool is_done = false;
  bool has_failed = false;
  bool has_ended = false;  // by close_notify
  int failure = 0;         // OpenSSL's reason

 private:
  void step() {
    ERR_clear_error();
    if (!is_done) {
      const int result = SSL_do_handshake(connection_.get());
      if (result == 1) {
        is_done = true;
      } else {
        note_error(result);
        return;
      }
    }
    std::string buffer(65'536, '\0');
    for (;;) {
      const int size = SSL_read(connection_.get(), buffer.data(), static_cast<int>(buffer.size()));
      if (size <= 0) return note_error(size);
      received.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  void note_error(int result) {
    const int error = SSL_get_error(connection_.get(), result);
    if (error == SSL_ERROR_ZERO_RETURN) has_ended = true;
    if (error != SSL_ERROR_SSL) return;
    has_failed = true;
    failure = ERR_GET_REASON(ERR_peek_error());
  }

  using SessionPtr = std::unique_ptr<SSL_SESSION, Freeing<SSL_SESSION_free>>;

  std::unique_ptr<SessionPtr> session_ = std::make_unique<SessionPtr>();  // where OpenSSL's callback finds it
  SslContextPtr context_;
  std::unique_ptr<SSL, Freeing<SSL_free>> connection_;
};

// A context of the options, which must be good.
inline std::shared_ptr<const TlsContext> must_load(const TlsOptions& options,
                                                   const TicketKeys& tickets = TicketKeys::random()) {
  auto loaded = TlsContext::load(options, tickets, SystemClock().wall());
  EXPECT_TRUE(loaded.ok()) << loaded.error().message;
  return *loaded;
}

}  // namespace fanfare::tls
