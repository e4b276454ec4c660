#include "tls/dev_certificate.h"

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tls/tls_engine.h"
#include "tls/tls_test_support.h"

namespace fanfare::tls {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

mode_t mode_of(const std::string& file) {
  struct stat facts {};
  ::stat(file.c_str(), &facts);
  return facts.st_mode & 0777U;
}

class DevCertificateTest : public testing::Test {
 protected:
  DevCertificate make(WallTime now = SystemClock().wall()) {
    auto made = dev_certificate(folder_.path() + "/below/tls", now);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *made;
  }
  test::TempFolder folder_;
};

TEST_F(DevCertificateTest, IsForThisMachineAndTrustedByItsAuthority) {
  const DevCertificate made = make();
  EXPECT_TRUE(made.is_new);
  EXPECT_THAT(made.names, Contains("localhost"));
  const auto context = must_load({.main = made.files});
  const auto engine = TlsEngine::create(context);
  TestTlsClient client({.host = "localhost", .authority = made.authority});
  for (int i = 0; i < 4; ++i) {
    std::string out;
    const std::string sent = client.take();
    engine->give_input(as_bytes(sent));
    (void)engine->shake(out);
    client.give(out);
  }
  EXPECT_TRUE(client.is_done) << client.failure;
}

TEST_F(DevCertificateTest, KeysAreForTheirOwnerOnly) {
  const DevCertificate made = make();
  EXPECT_EQ(mode_of(made.files.key), 0600U);
  EXPECT_EQ(mode_of(folder_.path() + "/below/tls/ca.key"), 0600U);
  EXPECT_EQ(mode_of(folder_.path() + "/below/tls"), 0700U);
}

TEST_F(DevCertificateTest, IsKeptAsLongAsItLasts) {
  const WallTime now = SystemClock().wall();
  const DevCertificate first = make(now);
  const std::string authority = text_of(first.authority);
  const std::string certificate = text_of(first.files.certificate);
  EXPECT_FALSE(make(now + std::chrono::hours(24) * 360).is_new);
  EXPECT_EQ(text_of(first.files.certificate), certificate);
  EXPECT_FALSE(make(now + std::chrono::hours(24) * 380).is_new);
  EXPECT_NE(text_of(first.files.certificate), certificate);
  EXPECT_EQ(text_of(first.authority), authority);
  EXPECT_TRUE(make(now + std::chrono::hours(24) * 3600).is_new);
  EXPECT_NE(text_of(first.authority), authority);
}

TEST_F(DevCertificateTest, BrokenFilesAreMadeAnew) {
  const DevCertificate first = make();
  std::ofstream(first.files.key, std::ios::trunc) << "no key";
  EXPECT_FALSE(make().is_new);
  must_load({.main = first.files});
  std::ofstream(first.authority, std::ios::trunc) << "no certificate";
  EXPECT_TRUE(make().is_new);
  must_load({.main = first.files});
}

TEST_F(DevCertificateTest, SaysWhereItCannotBeKept) {
  const std::string file = folder_.write("file", "");
  const auto made = dev_certificate(file + "/tls", SystemClock().wall());
  ASSERT_FALSE(made.ok());
  EXPECT_THAT(made.error().message, HasSubstr(file));
}

TEST_F(DevCertificateTest, TellsHowToTrustIt) {
  const DevCertificate made = make();
  EXPECT_THAT(trust_help(made), HasSubstr("NODE_EXTRA_CA_CERTS=" + made.authority));
}

}  // namespace
}  // namespace fanfare::tls
