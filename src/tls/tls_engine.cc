#include "tls/tls_engine.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <openssl/err.h>

#include "base/assert.h"
#include "tls/openssl_ptr.h"

namespace fanfare::tls {

// The end of OpenSSL that faces the network: a BIO over the engine's input and output, so that no byte waits in
// between.
struct EngineBio {
  static TlsEngine& engine_of(BIO* bio) { return *static_cast<TlsEngine*>(BIO_get_data(bio)); }

  static int read(BIO* bio, char* to, std::size_t size, std::size_t* taken) {
    TlsEngine& engine = engine_of(bio);
    BIO_clear_retry_flags(bio);
    *taken = std::min(size, engine.input_.size());
    if (*taken == 0) {
      BIO_set_retry_read(bio);
      return 0;
    }
    std::memcpy(to, engine.input_.data(), *taken);
    engine.input_ = engine.input_.subspan(*taken);
    return 1;
  }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* taken) {
    TlsEngine& engine = engine_of(bio);
    FANFARE_ASSERT(engine.output_ != nullptr);
    engine.output_->append(bytes, size);
    *taken = size;
    return 1;
  }

  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fanfare");
      FANFARE_ASSERT(made != nullptr);
      BIO_meth_set_read_ex(made, &read);
      BIO_meth_set_write_ex(made, &write);
      BIO_meth_set_ctrl(made, &control);
      return made;
    }();
    return kMethod;
  }
};

namespace {

// Alerts of the client's that are about our certificate. Source: RFC 8446 section 6.2
bool is_about_our_certificate(int reason) noexcept {
  switch (reason) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:  // its signature is of another authority with the same name
      return true;
    default:
      return false;
  }
}

HandshakeFailure failure_of(int reason) noexcept {
  if (is_about_our_certificate(reason)) return HandshakeFailure::kCertificateRefused;
  switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
      return HandshakeFailure::kVersion;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
    case SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE:
      return HandshakeFailure::kNoSharedCipher;
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      return HandshakeFailure::kClientCertificate;
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return HandshakeFailure::kPlainHttp;
    case SSL_R_WRONG_VERSION_NUMBER:
      return HandshakeFailure::kNotTls;
    default:
      return HandshakeFailure::kOther;
  }
}

}  // namespace

const char* handshake_failure_name(HandshakeFailure failure) noexcept {
  switch (failure) {
    case HandshakeFailure::kTimeout:
      return "timeout";
    case HandshakeFailure::kPeerClosed:
      return "peer_closed";
    case HandshakeFailure::kPlainHttp:
      return "plain_http";
    case HandshakeFailure::kNotTls:
      return "not_tls";
    case HandshakeFailure::kVersion:
      return "version";
    case HandshakeFailure::kNoSharedCipher:
      return "no_shared_cipher";
    case HandshakeFailure::kCertificateRefused:
      return "certificate_refused";
    case HandshakeFailure::kClientCertificate:
      return "client_certificate";
    case HandshakeFailure::kOther:
      return "other";
  }
  return "other";
}

void TlsEngine::FreeConnection::operator()(ssl_st* connection) const noexcept { SSL_free(connection); }

TlsEngine::TlsEngine(std::shared_ptr<const TlsContext> context)
    : context_(std::move(context)), connection_(context_->new_connection()) {}

TlsEngine::~TlsEngine() = default;

std::unique_ptr<TlsEngine> TlsEngine::create(std::shared_ptr<const TlsContext> context) {
  std::unique_ptr<TlsEngine> made(new TlsEngine(std::move(context)));
  BIO* const bio = BIO_new(EngineBio::method());
  if (made->connection_ == nullptr || bio == nullptr) {
    BIO_free(bio);
    return nullptr;
  }
  BIO_set_data(bio, made.get());
  BIO_set_init(bio, 1);
  SSL_set_bio(made->connection_.get(), bio, bio);  // owns it
  SSL_set_accept_state(made->connection_.get());
  return made;
}

TlsEngine::Step TlsEngine::step_of(int result) noexcept {
  output_ = nullptr;
  switch (SSL_get_error(connection_.get(), result)) {
    case SSL_ERROR_NONE:
      return Step::kDone;
    case SSL_ERROR_WANT_READ:
      return Step::kWantsInput;
    case SSL_ERROR_ZERO_RETURN:
      return Step::kEnded;
    default:
      break;
  }
  failure_ = failure_of(ERR_GET_REASON(ERR_peek_last_error()));
  ERR_clear_error();
  return Step::kFailed;
}

TlsEngine::Step TlsEngine::shake(std::string& out) {
  ERR_clear_error();
  output_ = &out;
  const Step step = step_of(SSL_do_handshake(connection_.get()));
  return step == Step::kEnded ? Step::kFailed : step;
}

TlsEngine::ReadResult TlsEngine::read(MutableBytes to, std::string& out) {
  ERR_clear_error();
  output_ = &out;
  ReadResult result;
  result.step = step_of(SSL_read_ex(connection_.get(), to.data(), to.size(), &result.size));
  return result;
}

bool TlsEngine::write(ByteView plain, std::string& out) {
  if (plain.empty()) return true;
  ERR_clear_error();
  output_ = &out;
  std::size_t written = 0;
  const Step step = step_of(SSL_write_ex(connection_.get(), plain.data(), plain.size(), &written));
  return step == Step::kDone && written == plain.size();
}

void TlsEngine::end(std::string& out) {
  ERR_clear_error();
  output_ = &out;
  SSL_shutdown(connection_.get());
  output_ = nullptr;
  ERR_clear_error();
}

TlsVersion TlsEngine::version() const noexcept {
  return SSL_version(connection_.get()) >= TLS1_3_VERSION ? TlsVersion::kTls13 : TlsVersion::kTls12;
}

bool TlsEngine::is_resumed() const noexcept { return SSL_session_reused(connection_.get()) == 1; }

bool TlsEngine::has_client_certificate() const noexcept {
  return SSL_get0_peer_certificate(connection_.get()) != nullptr &&
         SSL_get_verify_result(connection_.get()) == X509_V_OK;
}

}  // namespace fanfare::tls
