// [tls], trusted proxies and the Unix socket.
#include <gmock/gmock.h>

#include "config/config_test_support.h"
#include "config/show.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TlsTest : public LoadTest {};

TEST_F(TlsTest, IsOffWithoutACertificate) {
  const Config config = must_load(inputs("")).config;
  EXPECT_FALSE(config.tls.enabled());
  EXPECT_TRUE(config.tls.certificates().empty());
}

TEST_F(TlsTest, TakesOneCertificateAndMore) {
  const Loaded loaded = must_load(inputs(R"(
[tls]
port = 443
certificate = "a.pem"
key = "a.key"
min_version = "1.3"
certificates = [
  { certificate = "b.pem", key = "b.key", ocsp_response = "b.der", names = ["*.example.org"] },
  { certificate = "c.pem", key = "c.key" },
]
)"));
  const tls::TlsOptions& tls = loaded.config.tls;
  EXPECT_TRUE(tls.enabled());
  EXPECT_EQ(tls.port, 443);
  EXPECT_EQ(tls.min_version, tls::MinVersion::kTls13);
  ASSERT_EQ(tls.certificates().size(), 3U);
  EXPECT_EQ(tls.certificates()[0].key, "a.key");
  EXPECT_EQ(tls.certificates()[1].ocsp_response, "b.der");
  EXPECT_THAT(tls.certificates()[1].names, ElementsAre("*.example.org"));
  EXPECT_EQ(tls.certificates()[2].certificate, "c.pem");
  EXPECT_THAT(
      show(loaded),
      HasSubstr(R"({ certificate = "b.pem", key = "b.key", ocsp_response = "b.der", names = ["*.example.org"] })"));
}

TEST_F(TlsTest, FlagsAndVariablesSetTheFirstCertificate) {
  const Config config = must_load(inputs("", {{"FANFARE_TLS_CERTIFICATE", "env.pem"}, {"FANFARE_TLS_KEY", "env.key"}},
                                         {{"tls-key", "flag.key"}}))
                            .config;
  EXPECT_EQ(config.tls.main.certificate, "env.pem");
  EXPECT_EQ(config.tls.main.key, "flag.key");
  EXPECT_TRUE(must_load(inputs("", {}, {{"tls-dev", "true"}})).config.tls.enabled());
}

TEST_F(TlsTest, FaultsHaveTheirPlace) {
  EXPECT_THAT(faults_of(inputs("[tls]\ncertificate = \"a.pem\"")),
              ElementsAre("f.toml:2:1: certificate: expected a key with it"));
  EXPECT_THAT(faults_of(inputs("[tls]\nkey = \"a.key\"")),
              ElementsAre("f.toml:2:1: key: expected a certificate with it"));
  EXPECT_THAT(faults_of(inputs("[tls]\ncertificates = [{ certificate = \"a.pem\" }]")),
              ElementsAre("f.toml:2:17: certificates: expected certificate and key in each"));
  EXPECT_THAT(faults_of(inputs("[tls]\ncertificates = [{ certificat = \"a.pem\", certificate = \"a\", key = \"b\" }]")),
              ElementsAre(HasSubstr("unknown key \"certificat\" in tls.certificates")));
  EXPECT_THAT(faults_of(inputs("[tls]\ncertificates = \"a.pem\"")),
              ElementsAre(HasSubstr("expected a list of at most")));
  EXPECT_THAT(faults_of(inputs("[tls]\nredirect_http = true")),
              ElementsAre(HasSubstr("redirect_http: expected a certificate of the server's")));
  EXPECT_THAT(faults_of(inputs("[tls]\nmin_version = \"1.1\"")), ElementsAre(HasSubstr("\"1.2\", \"1.3\"")));
  EXPECT_THAT(faults_of(inputs("[tls]\ndev = true\nport = 6001")),
              ElementsAre("f.toml:3:1: port: [server] and [tls] are both at 127.0.0.1:6001"));
}

TEST_F(TlsTest, ProxiesAreChecked) {
  const Config config = must_load(inputs(R"(
[server]
trusted_proxies = ["10.0.0.0/8", "unix:"]
proxy_protocol = true
unix_socket = "/run/fanfare.sock"
unix_socket_mode = "0666"
)"))
                            .config;
  EXPECT_THAT(config.net.trusted_proxies, ElementsAre("10.0.0.0/8", "unix:"));
  EXPECT_TRUE(config.net.proxy_protocol);
  EXPECT_THAT(faults_of(inputs("[server]\ntrusted_proxies = [\"proxy\"]")),
              ElementsAre(HasSubstr("f.toml:2:1: trusted_proxies: expected an address or a network")));
  EXPECT_THAT(faults_of(inputs("[server]\nproxy_protocol = true")), ElementsAre(HasSubstr("expected trusted_proxies")));
  for (const char* mode : {"0888", "rw-r", "1777"}) {
    EXPECT_THAT(faults_of(inputs("[server]\nunix_socket_mode = \"" + std::string(mode) + "\"")),
                ElementsAre(HasSubstr("unix_socket_mode: expected an octal file mode")))
        << mode;
  }
}

}  // namespace
}  // namespace fanfare::config
