#include "tls/tls_context.h"

#include <gmock/gmock.h>

#include "tls/tls_engine.h"
#include "tls/tls_test_support.h"

namespace fanfare::tls {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// The common name of the certificate that `host` is shown, and what else the client saw.
struct Shown {
  std::string name;
  std::string protocol;
  std::string staple;
};

Shown show(const std::shared_ptr<const TlsContext>& context, const TestClientOptions& options) {
  const auto engine = TlsEngine::create(context);
  TestTlsClient client(options);
  for (int i = 0; i < 4; ++i) {
    std::string out;
    const std::string sent = client.take();
    engine->give_input(as_bytes(sent));
    (void)engine->shake(out);
    client.give(out);
  }
  if (!client.is_done) return {.name = "refused", .protocol = {}, .staple = {}};
  Shown shown{.name = client.common_name(), .protocol = {}, .staple = {}};
  const unsigned char* bytes = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(client.ssl(), &bytes, &size);
  shown.protocol.assign(reinterpret_cast<const char*>(bytes), size);
  const long staple_size = SSL_get_tlsext_status_ocsp_resp(client.ssl(), &bytes);
  if (staple_size > 0) shown.staple.assign(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(staple_size));
  return shown;
}

class TlsContextTest : public testing::Test {
 protected:
  Error failure() {
    auto loaded = TlsContext::load(options_, TicketKeys::random(), SystemClock().wall());
    EXPECT_FALSE(loaded.ok());
    return loaded.ok() ? Error() : loaded.error();
  }

  TestCertificates certificates_;
  TlsOptions options_;
};

TEST(MatchesNameTest, AWildcardStandsForExactlyOneLabel) {
  EXPECT_TRUE(matches_name("example.com", "example.com"));
  EXPECT_TRUE(matches_name("Example.com", "eXample.COM."));
  EXPECT_TRUE(matches_name("*.example.com", "a.example.com"));
  EXPECT_FALSE(matches_name("*.example.com", "example.com"));
  EXPECT_FALSE(matches_name("*.example.com", "a.b.example.com"));
  EXPECT_FALSE(matches_name("*.example.com", ".example.com"));
  EXPECT_FALSE(matches_name("example.com", "www.example.com"));
  EXPECT_FALSE(matches_name("*", "example"));
  EXPECT_FALSE(matches_name("", "example"));
}

TEST_F(TlsContextTest, ShowsTheCertificateOfTheHostThatTheClientNames) {
  options_.main = certificates_.add("first", {.names = {"first.example.com"}});
  options_.more = {certificates_.add("wild", {.names = {"*.example.com"}}),
                   certificates_.add("exact", {.names = {"a.example.com", "b.example.com"}}),
                   certificates_.add("other", {.names = {"ignored.example.org"}})};
  options_.more.back().names = {"other.example.org"};
  const auto context = must_load(options_);
  EXPECT_EQ(show(context, {.host = "first.example.com"}).name, "first.example.com");
  EXPECT_EQ(show(context, {.host = "b.example.com"}).name, "a.example.com");  // before the wildcard that stands first
  EXPECT_EQ(show(context, {.host = "c.example.com"}).name, "*.example.com");
  EXPECT_EQ(show(context, {.host = "other.example.org"}).name, "ignored.example.org");
  EXPECT_EQ(show(context, {.host = "ignored.example.org"}).name, "first.example.com");
  EXPECT_EQ(show(context, {.host = ""}).name, "first.example.com");
}

TEST_F(TlsContextTest, OffersHttp11AndRefusesClientsOfOtherProtocolsOnly) {
  options_.main = certificates_.add("a", {.names = {"localhost"}});
  const auto context = must_load(options_);
  EXPECT_EQ(show(context, {.protocols = {"h2", "http/1.1"}}).protocol, "http/1.1");
  EXPECT_EQ(show(context, {}).protocol, "");
  EXPECT_EQ(show(context, {.protocols = {"h2"}}).name, "refused");
}

TEST_F(TlsContextTest, TellsWhatItHasLoaded) {
  options_.main = certificates_.add("a", {.names = {"a.example.com", "b.example.com"}, .days = 30});
  const auto context = must_load(options_);
  ASSERT_EQ(context->certificates().size(), 1U);
  const CertificateFacts& facts = context->certificates().front();
  EXPECT_EQ(facts.file, options_.main.certificate);
  EXPECT_THAT(facts.names, ElementsAre("a.example.com", "b.example.com"));
  const auto now = std::chrono::system_clock::to_time_t(SystemClock().wall());
  EXPECT_GT(facts.not_after_unix_s, now + 29L * 86'400);
  EXPECT_LT(facts.not_after_unix_s, now + 31L * 86'400);
}

TEST_F(TlsContextTest, FaultsNameTheFileAndWhatIsWrong) {
  const CertificateFiles good = certificates_.add("good", {.names = {"a"}});
  const CertificateFiles other = certificates_.add("other", {.names = {"b"}});
  options_.main = {.certificate = certificates_.folder().file("missing.pem"), .key = good.key};
  EXPECT_THAT(failure().message, AllOf(HasSubstr("missing.pem"), HasSubstr("No such file")));
  options_.main = {.certificate = good.certificate, .key = certificates_.folder().file("missing.key")};
  EXPECT_THAT(failure().message, AllOf(HasSubstr("missing.key"), HasSubstr("No such file")));
  options_.main = {.certificate = good.certificate, .key = other.key};
  EXPECT_THAT(failure().message, AllOf(HasSubstr("other.key"), HasSubstr("good.pem")));
  options_.main = {.certificate = certificates_.folder().write("text.pem", "no PEM"), .key = good.key};
  EXPECT_THAT(failure().message, HasSubstr("expected a PEM certificate"));
  options_.main = good;
  options_.client_ca = good.key;
  EXPECT_THAT(failure().message, AllOf(HasSubstr("good.key"), HasSubstr("authorities")));
  options_.client_ca.clear();
  options_.main = {};
  EXPECT_THAT(failure().message, HasSubstr("no certificate"));
}

TEST_F(TlsContextTest, AKeyWithAPassphraseIsRefusedWithoutAsking) {
  options_.main = certificates_.add("a", {.names = {"a"}});
  const TestIdentity identity = make_identity({.names = {"a"}});
  const BioPtr bio(BIO_new(BIO_s_mem()));
  char passphrase[] = "secret";
  PEM_write_bio_PKCS8PrivateKey(bio.get(), identity.key.get(), EVP_aes_128_cbc(), passphrase, 6, nullptr, nullptr);
  char* text = nullptr;
  const auto size = static_cast<std::size_t>(BIO_get_mem_data(bio.get(), &text));
  options_.main.key = certificates_.folder().write("locked.key", {text, size});
  EXPECT_THAT(failure().message, AllOf(HasSubstr("locked.key"), HasSubstr("without a passphrase")));
}

// The authority's answer about `certificate`, valid until `days` from now.
std::string ocsp_response(const TestCertificates& certificates, const X509* certificate, int days,
                          int status = V_OCSP_CERTSTATUS_GOOD) {
  const TestIdentity& authority = certificates.authority();
  const OcspBasicPtr basic(OCSP_BASICRESP_new());
  OCSP_CERTID* id = OCSP_cert_to_id(nullptr, certificate, authority.certificate.get());
  const std::unique_ptr<OCSP_CERTID, Freeing<OCSP_CERTID_free>> owner(id);
  const std::unique_ptr<ASN1_TIME, Freeing<ASN1_TIME_free>> from(X509_gmtime_adj(nullptr, -30L * 86'400));
  const std::unique_ptr<ASN1_TIME, Freeing<ASN1_TIME_free>> to(X509_gmtime_adj(nullptr, days * 86'400L));
  ASN1_TIME* revoked = status == V_OCSP_CERTSTATUS_REVOKED ? from.get() : nullptr;
  EXPECT_NE(OCSP_basic_add1_status(basic.get(), id, status, 0, revoked, from.get(), to.get()), nullptr);
  EXPECT_EQ(OCSP_basic_sign(basic.get(), authority.certificate.get(), authority.key.get(), EVP_sha256(), nullptr, 0),
            1);
  const OcspResponsePtr response(OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
  unsigned char* der = nullptr;
  const int size = i2d_OCSP_RESPONSE(response.get(), &der);
  std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return bytes;
}

TEST_F(TlsContextTest, StaplesAGoodOcspResponseAndSaysWhyItDoesNotStapleAnother) {
  const TestIdentity identity = make_identity({.names = {"localhost"}, .serial = 77}, &certificates_.authority());
  const TestIdentity other = make_identity({.names = {"localhost"}, .serial = 78}, &certificates_.authority());
  const test::TempFolder& folder = certificates_.folder();
  const std::string good = ocsp_response(certificates_, identity.certificate.get(), 3);
  options_.main = {.certificate = folder.write("a.pem", pem_of(identity.certificate.get())),
                   .key = folder.write("a.key", pem_of(identity.key.get())),
                   .ocsp_response = folder.write("good.der", good)};
  EXPECT_EQ(show(must_load(options_), {.asks_for_status = true}).staple, good);
  EXPECT_EQ(show(must_load(options_), {}).staple, "");
  const auto problem_of = [&](const std::string& response) {
    options_.main.ocsp_response = folder.write("response.der", response);
    const auto context = must_load(options_);
    EXPECT_EQ(show(context, {.asks_for_status = true}).staple, "");
    return context->certificates().front().ocsp_problem;
  };
  EXPECT_THAT(problem_of("nonsense"), HasSubstr("response.der: expected a successful OCSP response"));
  EXPECT_THAT(problem_of(ocsp_response(certificates_, identity.certificate.get(), -1)), HasSubstr("old"));
  EXPECT_THAT(problem_of(ocsp_response(certificates_, other.certificate.get(), 3)), HasSubstr("another certificate"));
  EXPECT_THAT(problem_of(ocsp_response(certificates_, identity.certificate.get(), 3, V_OCSP_CERTSTATUS_REVOKED)),
              HasSubstr("good"));
}

}  // namespace
}  // namespace fanfare::tls
