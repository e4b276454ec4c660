#include "tls/dev_certificate.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net/unique_fd.h"
#include "tls/openssl_ptr.h"

namespace fanfare::tls {

namespace {

using std::chrono::hours;

constexpr hours kDay{24};
constexpr auto kAuthorityLife = 3650 * kDay;
constexpr auto kServerLife = 397 * kDay;  // the most that browsers take
constexpr auto kRenewBefore = 30 * kDay;
constexpr auto kClockSlack = kDay;  // other machines' clocks may be behind

struct Names {
  std::vector<std::string> hosts;
  std::vector<std::string> addresses = {"127.0.0.1", "::1"};
};

// A host name that is no name, such as one with a space, would be a fault in the extension's text.
bool is_host_name(std::string_view text) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.";
  return !text.empty() && text.find_first_not_of(kLetters) == std::string_view::npos && text.front() != '.' &&
         text.front() != '-';
}

Names machine_names() {
  Names names{.hosts = {"localhost"}};
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0 || !is_host_name(host.data())) return names;
  const std::string name = host.data();
  if (name == "localhost") return names;
  names.hosts.push_back(name);
  if (name.find('.') == std::string::npos) names.hosts.push_back(name + ".local");
  return names;
}

// It tells the machine: one whose name has changed needs another authority, since this one may not sign for it.
std::string authority_name(const Names& names) {
  constexpr std::size_t kCommonNameMax = 64;  // RFC 5280 appendix A.1, ub-common-name
  return ("Fanfare development, " + names.hosts.back()).substr(0, kCommonNameMax);
}

Error openssl_error(const std::string& what) { return invalid(what + ": " + take_openssl_error()); }

Error system_error(const std::string& what) {
  return {ErrorKind::kIo, what + ": " + std::generic_category().message(errno)};
}

bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Freeing<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_basics(X509* certificate, EVP_PKEY* key, const std::string& common_name, WallTime now, hours life) {
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
  serial[0] &= 0x7FU;  // positive
  const std::unique_ptr<BIGNUM, Freeing<BN_free>> number(
      BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const auto* name = reinterpret_cast<const unsigned char*>(common_name.c_str());
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), std::chrono::system_clock::to_time_t(now - kClockSlack)) !=
             nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), std::chrono::system_clock::to_time_t(now + life)) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, name, -1, -1, 0) == 1;
}

struct Pair {
  X509Ptr certificate;
  KeyPtr key;
};

Result<Pair> make_authority(const Names& names, WallTime now) {
  Pair pair{X509Ptr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  std::string constraints =
      "critical,permitted;IP:127.0.0.0/255.0.0.0,permitted;IP:::1/"
      "FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF";
  for (const std::string& host : names.hosts) constraints += ",permitted;DNS:" + host;
  X509* raw = pair.certificate.get();
  if (raw == nullptr || pair.key == nullptr ||
      !set_basics(raw, pair.key.get(), authority_name(names), now, kAuthorityLife) ||
      X509_set_issuer_name(raw, X509_get_subject_name(raw)) != 1 ||
      !add_extension(raw, raw, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(raw, raw, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(raw, raw, NID_subject_key_identifier, "hash") ||
      !add_extension(raw, raw, NID_name_constraints, constraints) ||
      X509_sign(raw, pair.key.get(), EVP_sha256()) == 0) {
    return openssl_error("cannot make a certificate authority");
  }
  return pair;
}

Result<Pair> make_server(const Pair& authority, const Names& names, WallTime now) {
  Pair pair{X509Ptr(X509_new()), KeyPtr(EVP_EC_gen("P-256"))};
  std::string alternatives;
  for (const std::string& host : names.hosts) alternatives += "DNS:" + host + ",";
  for (const std::string& address : names.addresses) alternatives += "IP:" + address + ",";
  alternatives.pop_back();
  X509* raw = pair.certificate.get();
  X509* issuer = authority.certificate.get();
  if (raw == nullptr || pair.key == nullptr ||
      !set_basics(raw, pair.key.get(), names.hosts.front(), now, kServerLife) ||
      X509_set_issuer_name(raw, X509_get_subject_name(issuer)) != 1 ||
      !add_extension(raw, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(raw, issuer, NID_key_usage, "critical,digitalSignature") ||
      !add_extension(raw, issuer, NID_ext_key_usage, "serverAuth") ||
      !add_extension(raw, issuer, NID_authority_key_identifier, "keyid") ||
      !add_extension(raw, issuer, NID_subject_alt_name, alternatives) ||
      X509_sign(raw, authority.key.get(), EVP_sha256()) == 0) {
    return openssl_error("cannot make a certificate");
  }
  return pair;
}

// Complete or not there, and never readable by others for a moment.
Status write_file(const std::string& path, const BioPtr& content, mode_t mode) {
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(content.get(), &text));
  const std::string temporary = path + ".new";
  ::unlink(temporary.c_str());
  {
    const net::UniqueFd file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode));
    if (!file || ::write(file.get(), text, size) != static_cast<ssize_t>(size) || ::fsync(file.get()) != 0) {
      return system_error("cannot write " + temporary);
    }
  }
  return ::rename(temporary.c_str(), path.c_str()) == 0 ? Status() : system_error("cannot write " + path);
}

Status write_pair(const Pair& pair, const std::string& certificate_file, const std::string& key_file) {
  const BioPtr certificate(BIO_new(BIO_s_mem()));
  const BioPtr key(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_X509(certificate.get(), pair.certificate.get()) != 1 ||
      PEM_write_bio_PKCS8PrivateKey(key.get(), pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return openssl_error("cannot write " + certificate_file);
  }
  if (Status written = write_file(key_file, key, 0600); !written.ok()) return written;
  return write_file(certificate_file, certificate, 0644);
}

// Nothing: a file is missing, or is not what it should be.
Pair read_pair(const std::string& certificate_file, const std::string& key_file) {
  Pair pair;
  const BioPtr certificate(BIO_new_file(certificate_file.c_str(), "r"));
  const BioPtr key(BIO_new_file(key_file.c_str(), "r"));
  if (certificate != nullptr && key != nullptr) {
    pair.certificate.reset(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    pair.key.reset(PEM_read_bio_PrivateKey(
        key.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr));
  }
  (void)take_openssl_error();
  if (pair.certificate == nullptr || pair.key == nullptr) return {};
  return X509_check_private_key(pair.certificate.get(), pair.key.get()) == 1 ? std::move(pair) : Pair{};
}

bool lasts(const Pair& pair, WallTime now, hours at_least) {
  std::time_t limit = std::chrono::system_clock::to_time_t(now + at_least);
  return pair.certificate != nullptr && X509_cmp_time(X509_get0_notAfter(pair.certificate.get()), &limit) > 0;
}

bool is_usable(const Pair& authority, const Names& names, WallTime now) {
  if (!lasts(authority, now, kServerLife)) return false;
  std::array<char, 65> name{};
  X509_NAME_get_text_by_NID(X509_get_subject_name(authority.certificate.get()), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data() == authority_name(names);
}

bool fits(const Pair& server, const Pair& authority, const Names& names, WallTime now) {
  if (!lasts(server, now, kRenewBefore)) return false;
  if (X509_verify(server.certificate.get(), authority.key.get()) != 1) return false;
  for (const std::string& host : names.hosts) {
    if (X509_check_host(server.certificate.get(), host.c_str(), host.size(), 0, nullptr) != 1) return false;
  }
  return true;
}

Status make_folder(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), error);
  if (error) return Error{ErrorKind::kIo, "cannot make " + folder + ": " + error.message()};
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return system_error("cannot make " + folder);
  return {};
}

}  // namespace

Result<DevCertificate> dev_certificate(const std::string& folder, WallTime now) {
  const Names names = machine_names();
  DevCertificate made{.files = {.certificate = folder + "/cert.pem", .key = folder + "/key.pem"},
                      .authority = folder + "/ca.pem",
                      .names = names.hosts};
  made.names.insert(made.names.end(), names.addresses.begin(), names.addresses.end());
  if (Status folder_made = make_folder(folder); !folder_made.ok()) return std::move(folder_made).error();

  const std::string authority_key = folder + "/ca.key";
  Pair authority = read_pair(made.authority, authority_key);
  Pair server = read_pair(made.files.certificate, made.files.key);
  if (!is_usable(authority, names, now)) {
    Result<Pair> fresh = make_authority(names, now);
    if (!fresh.ok()) return std::move(fresh).error();
    authority = *std::move(fresh);
    if (Status written = write_pair(authority, made.authority, authority_key); !written.ok()) {
      return std::move(written).error();
    }
    made.is_new = true;
  }
  if (!made.is_new && fits(server, authority, names, now)) return made;
  Result<Pair> fresh = make_server(authority, names, now);
  if (!fresh.ok()) return std::move(fresh).error();
  if (Status written = write_pair(*fresh, made.files.certificate, made.files.key); !written.ok()) {
    return std::move(written).error();
  }
  return made;
}

std::string trust_help(const DevCertificate& certificate) {
  const std::string& file = certificate.authority;
  std::string names;
  for (const std::string& name : certificate.names) names += (names.empty() ? "" : ", ") + name;
  return "The development certificate is for " + names + ". Clients trust it by " + file +
         ":\n"
         "  curl --cacert " +
         file +
         " …\n"
         "  NODE_EXTRA_CA_CERTS=" +
         file +
         " node …\n"
         "  SSL_CERT_FILE=" +
         file +
         " python3 …\n"
         "  this system: sudo cp " +
         file +
         " /usr/local/share/ca-certificates/fanfare-dev.crt && sudo update-ca-certificates\n"
         "  Chrome, Firefox: Settings > Certificates > Authorities > Import\n"
         "  macOS: sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain " +
         file + "\n";
}

}  // namespace fanfare::tls
