#include "tls/tls_context.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include "tls/ocsp_response.h"
#include "tls/openssl_ptr.h"

namespace fanfare::tls {

namespace {

// TLS 1.2: forward secrecy and authenticated encryption only; those of TLS 1.3 are all so.
constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kGroups = "X25519:P-256:P-384";
constexpr std::array<unsigned char, 9> kAlpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
constexpr std::string_view kSessionContext = "fanfare";
// A ticket is good as long as its key is: see TicketKeys.
constexpr long kSessionSeconds = 12L * 3600;

char lower(char letter) noexcept {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_same_text(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string text_of(const ASN1_STRING* string) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The DNS names of the certificate; without any, its common name.
std::vector<std::string> names_of(const X509* certificate) {
  std::vector<std::string> names;
  auto* const alternatives =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const std::unique_ptr<GENERAL_NAMES, Freeing<GENERAL_NAMES_free>> owner(alternatives);
  for (int i = 0; i < sk_GENERAL_NAME_num(alternatives); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(alternatives, i);
    if (name->type == GEN_DNS) names.push_back(text_of(name->d.dNSName));
  }
  if (!names.empty() || alternatives != nullptr) return names;
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at >= 0) names.push_back(text_of(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))));
  return names;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
  tm parts{};
  return ASN1_TIME_to_tm(time, &parts) == 1 ? std::int64_t{::timegm(&parts)} : 0;
}

const TicketKey* find_key(const TicketKeys& keys, const unsigned char* name) {
  if (std::memcmp(keys.current.name.data(), name, keys.current.name.size()) == 0) return &keys.current;
  if (std::memcmp(keys.previous.name.data(), name, keys.previous.name.size()) == 0) return &keys.previous;
  return nullptr;
}

bool start_ticket_mac(EVP_MAC_CTX* mac, const TicketKey& key) {
  std::array<char, 7> digest{"SHA256"};
  // OSSL_PARAM knows no const; it is only read.
  const std::array<OSSL_PARAM, 3> parameters{
      OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, const_cast<std::uint8_t*>(key.hmac.data()),
                                        key.hmac.size()),
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
  return EVP_MAC_CTX_set_params(mac, parameters.data()) == 1;
}

Error file_error(const std::string& file, const std::string& what) { return invalid(file + ": " + what); }

}  // namespace

struct TlsContext::Entry {
  const TlsContext& owner;
  SslContextPtr context;
  std::vector<std::string> names;
  std::optional<OcspStaple> staple;
};

// What OpenSSL calls during a handshake, on the loop of the connection.
struct ContextCallbacks {
  static TlsContext::Entry& entry_of(const SSL* connection) {
    return *static_cast<TlsContext::Entry*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
  }

  static int choose_certificate(SSL* connection, int*, void*) {
    const char* host = SSL_get_servername(connection, TLSEXT_NAMETYPE_host_name);
    if (host == nullptr) return SSL_TLSEXT_ERR_NOACK;
    const TlsContext& owner = entry_of(connection).owner;
    SSL_set_SSL_CTX(connection, owner.entry_for(host).context.get());
    return SSL_TLSEXT_ERR_OK;
  }

  static int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                             unsigned int offered_size, void*) {
    unsigned char* found = nullptr;
    if (SSL_select_next_proto(&found, size, kAlpn.data(), kAlpn.size(), offered, offered_size) !=
        OPENSSL_NPN_NEGOTIATED) {
      return SSL_TLSEXT_ERR_ALERT_FATAL;  // RFC 7301 section 3.2
    }
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
  }

  static int staple(SSL* connection, void*) {
    const std::optional<OcspStaple>& staple = entry_of(connection).staple;
    if (!staple || !staple->is_current(SystemClock().wall())) return SSL_TLSEXT_ERR_NOACK;
    void* const copy = OPENSSL_memdup(staple->der.data(), staple->der.size());
    if (copy == nullptr) return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(connection, copy, static_cast<long>(staple->der.size()));  // owns it
    return SSL_TLSEXT_ERR_OK;
  }

  // 0: no such key, so a whole handshake follows; 1: well; 2: well, and the client gets a new ticket; −1: an error.
  static int ticket_key(SSL* connection, unsigned char* name, unsigned char* iv, EVP_CIPHER_CTX* cipher,
                        EVP_MAC_CTX* mac, int encrypts) {
    const TicketKeys& keys = entry_of(connection).owner.tickets();
    if (encrypts == 1) {
      const TicketKey& key = keys.current;
      std::memcpy(name, key.name.data(), key.name.size());
      if (RAND_bytes(iv, EVP_CIPHER_get_iv_length(EVP_aes_256_cbc())) != 1) return -1;
      const bool started = EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key.cipher.data(), iv) == 1;
      return started && start_ticket_mac(mac, key) ? 1 : -1;
    }
    const TicketKey* key = find_key(keys, name);
    if (key == nullptr) return 0;
    const bool started = EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), nullptr, key->cipher.data(), iv) == 1;
    if (!started || !start_ticket_mac(mac, *key)) return -1;
    // Clients of TLS 1.3 use a ticket once. Source: RFC 8446 appendix C.4
    return key == &keys.current && SSL_version(connection) < TLS1_3_VERSION ? 1 : 2;
  }

  // A key with a passphrase is refused: there is nobody to ask.
  static int no_passphrase(char*, int, int, void*) { return -1; }
};

namespace {

// What OpenSSL's macros do, with the casts of C.
template <typename Callback>
void set_callback(SSL_CTX* context, int which, Callback* callback) {
  SSL_CTX_callback_ctrl(context, which, reinterpret_cast<void (*)()>(callback));
}

void set_callbacks(SSL_CTX* context) {
  SSL_CTX_set_default_passwd_cb(context, &ContextCallbacks::no_passphrase);
  set_callback(context, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, &ContextCallbacks::choose_certificate);
  SSL_CTX_set_alpn_select_cb(context, &ContextCallbacks::choose_protocol, nullptr);
  SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &ContextCallbacks::ticket_key);
  set_callback(context, SSL_CTRL_SET_TLSEXT_STATUS_REQ_CB, &ContextCallbacks::staple);
}

// The rules that all certificates of the listener share.
Result<SslContextPtr> make_context(const TlsOptions& options) {
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  const int lowest = options.min_version == MinVersion::kTls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
  const auto* const id = reinterpret_cast<const unsigned char*>(kSessionContext.data());
  if (context == nullptr || SSL_CTX_set_min_proto_version(context.get(), lowest) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), kTls12Ciphers) != 1 ||
      SSL_CTX_set1_groups_list(context.get(), kGroups) != 1 ||
      SSL_CTX_set_session_id_context(context.get(), id, kSessionContext.size()) != 1) {
    return invalid("OpenSSL refuses our TLS settings: " + take_openssl_error());
  }
  // Renegotiation is how a client of TLS 1.2 makes a server calculate without end.
  SSL_CTX_set_options(context.get(),
                      SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // An idle connection holds no record buffers, which are 34 KiB.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);  // sessions are in tickets
  SSL_CTX_set_timeout(context.get(), kSessionSeconds);
  set_callbacks(context.get());
  return context;
}

Status trust_clients_of(SSL_CTX* context, const std::string& file) {
  if (SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1) {
    return file_error(file, "expected PEM certificates of authorities: " + take_openssl_error());
  }
  SSL_CTX_set_client_CA_list(context, SSL_load_client_CA_file(file.c_str()));  // owns it
  // Asked for, not demanded: WebSocket clients have none, and the API says itself what it misses.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return {};
}

Status use_files(SSL_CTX* context, const CertificateFiles& files) {
  if (SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) != 1) {
    return file_error(files.certificate, "expected a PEM certificate: " + take_openssl_error());
  }
  if (SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return file_error(
        files.key, "expected the PEM key of " + files.certificate + ", without a passphrase: " + take_openssl_error());
  }
  if (SSL_CTX_check_private_key(context) != 1) {
    return file_error(files.key, "not the key of " + files.certificate + ": " + take_openssl_error());
  }
  return {};
}

}  // namespace

bool matches_name(std::string_view pattern, std::string_view host) noexcept {
  if (host.ends_with('.')) host.remove_suffix(1);  // the root may be said
  if (is_same_text(pattern, host)) return true;
  if (!pattern.starts_with("*.")) return false;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 && is_same_text(pattern.substr(1), host.substr(dot));
}

TlsContext::TlsContext(const TicketKeys& tickets) : tickets_(tickets) {}

TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsOptions& options, const TicketKeys& tickets,
                                                           WallTime now) {
  // Not make_shared: the constructor is private.
  std::shared_ptr<TlsContext> made(new TlsContext(tickets));
  for (const CertificateFiles& files : options.certificates()) {
    Status added = made->add(files, options, now);
    if (!added.ok()) return std::move(added).error();
  }
  if (made->entries_.empty()) return invalid("no certificate is configured");
  return std::shared_ptr<const TlsContext>(std::move(made));
}

Status TlsContext::add(const CertificateFiles& files, const TlsOptions& options, WallTime now) {
  Result<SslContextPtr> context = make_context(options);
  if (!context.ok()) return std::move(context).error();
  SSL_CTX* const raw = context->get();
  if (Status used = use_files(raw, files); !used.ok()) return used;
  if (!options.client_ca.empty()) {
    if (Status trusted = trust_clients_of(raw, options.client_ca); !trusted.ok()) return trusted;
  }
  const X509* certificate = SSL_CTX_get0_certificate(raw);
  auto entry = std::make_unique<Entry>(Entry{*this, *std::move(context), files.names, std::nullopt});
  if (entry->names.empty()) entry->names = names_of(certificate);
  CertificateFacts facts{.file = files.certificate,
                         .names = entry->names,
                         .not_after_unix_s = seconds_of(X509_get0_notAfter(certificate)),
                         .ocsp_problem = {}};
  if (!files.ocsp_response.empty()) {
    Result<OcspStaple> staple = load_ocsp_staple(files.ocsp_response, certificate, now);
    if (staple.ok()) {
      entry->staple = *std::move(staple);
    } else {
      facts.ocsp_problem = staple.error().message;  // the certificate is good without it
    }
  }
  SSL_CTX_set_app_data(raw, entry.get());
  entries_.push_back(std::move(entry));
  facts_.push_back(std::move(facts));
  return {};
}

const TlsContext::Entry& TlsContext::entry_for(std::string_view host) const noexcept {
  const Entry* by_wildcard = nullptr;
  for (const auto& entry : entries_) {
    for (const std::string& name : entry->names) {
      if (!matches_name(name, host)) continue;
      if (!name.starts_with('*')) return *entry;
      if (by_wildcard == nullptr) by_wildcard = entry.get();
    }
  }
  return by_wildcard == nullptr ? *entries_.front() : *by_wildcard;
}

ssl_st* TlsContext::new_connection() const noexcept { return SSL_new(entries_.front()->context.get()); }

}  // namespace fanfare::tls
