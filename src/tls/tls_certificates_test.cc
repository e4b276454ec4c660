#include "tls/tls_certificates.h"

#include <cstdio>
#include <future>

#include <gmock/gmock.h>

#include "base/log.h"
#include "base/startup_error.h"
#include "support/deadline.h"
#include "support/manual_clock.h"
#include "tls/tls_test_support.h"

namespace fanfare::tls {
namespace {

using testing::HasSubstr;

class TlsCertificatesTest : public testing::Test {
 protected:
  TlsCertificatesTest() {
    set_log_level(LogLevel::kOff);
    clock_.set_wall(SystemClock().wall());
    options_.main = certificates_.add("server", {.names = {"before"}});
  }
  ~TlsCertificatesTest() override { set_log_level(LogLevel::kWarning); }

  // As certbot does it: whole files take the place of the old ones.
  void renew(const std::string& name) {
    const CertificateFiles fresh = certificates_.add("fresh", {.names = {name}});
    std::rename(fresh.certificate.c_str(), options_.main.certificate.c_str());
    std::rename(fresh.key.c_str(), options_.main.key.c_str());
  }
  static std::string name_of(const TlsCertificates& certificates) {
    return certificates.context()->certificates().front().names.front();
  }

  TestCertificates certificates_;
  TlsOptions options_;
  ManualClock clock_;
};

TEST_F(TlsCertificatesTest, TakesFilesThatHaveChangedAndNoOthers) {
  TlsCertificates certificates(options_, "", clock_);
  const auto first = certificates.context();
  certificates.check();
  EXPECT_EQ(certificates.context(), first);
  renew("after");
  certificates.check();
  EXPECT_EQ(name_of(certificates), "after");
  EXPECT_EQ(certificates.reloads(), 1U);
  certificates.check();
  EXPECT_EQ(certificates.reloads(), 1U);
}

TEST_F(TlsCertificatesTest, KeepsTheOldOnesWhereTheNewOnesAreNoGoodAndTriesAgain) {
  TlsCertificates certificates(options_, "", clock_);
  std::remove(options_.main.key.c_str());
  certificates.check();
  certificates.check();
  EXPECT_EQ(name_of(certificates), "before");
  EXPECT_EQ(certificates.failures(), 1U);  // told once for each state of the files
  renew("after");
  certificates.check();
  EXPECT_EQ(name_of(certificates), "after");
}

TEST_F(TlsCertificatesTest, ReloadTakesOtherSettings) {
  TlsCertificates certificates(options_, "", clock_);
  TlsOptions other;
  other.main = certificates_.add("other", {.names = {"other"}});
  certificates.reload(other);
  EXPECT_EQ(name_of(certificates), "other");
  certificates.reload({});
  EXPECT_EQ(name_of(certificates), "other");
  EXPECT_EQ(certificates.failures(), 1U);
}

TEST_F(TlsCertificatesTest, RotatesTheTicketKeys) {
  TlsCertificates certificates(options_, "", clock_);
  const TicketKeys first = certificates.context()->tickets();
  clock_.advance(TlsCertificates::kTicketRotation - std::chrono::seconds(1));
  certificates.check();
  EXPECT_EQ(certificates.context()->tickets().current.name, first.current.name);
  clock_.advance(std::chrono::seconds(1));
  certificates.check();
  EXPECT_EQ(certificates.context()->tickets().previous.name, first.current.name);
  EXPECT_NE(certificates.context()->tickets().current.name, first.current.name);
}

TEST_F(TlsCertificatesTest, TicketsEndWithTheAuthoritiesThatTheClientsWereCheckedBy) {
  const TestCertificates clients;
  options_.client_ca = clients.authority_file();
  TlsCertificates certificates(options_, "", clock_);
  const TicketKeys first = certificates.context()->tickets();
  const TestCertificates others;
  options_.client_ca = others.authority_file();
  certificates.reload(options_);
  EXPECT_NE(certificates.context()->tickets().previous.name, first.current.name);
  EXPECT_NE(certificates.context()->tickets().current.name, first.current.name);
}

TEST_F(TlsCertificatesTest, LooksByItselfOnAThreadOfItsOwn) {
  options_.reload_interval = std::chrono::seconds(1);
  TlsCertificates certificates(options_, "", clock_);
  std::promise<std::string> told;
  certificates.start([&](const std::shared_ptr<const TlsContext>& context) {
    if (context->certificates().front().names.front() == "after") told.set_value("after");
  });
  renew("after");
  ASSERT_EQ(told.get_future().wait_for(test::kPatience), std::future_status::ready);
  certificates.stop();
  certificates.stop();
}

TEST_F(TlsCertificatesTest, ADevelopmentCertificateStandsBehindTheConfiguredOnes) {
  options_.dev = true;
  const test::TempFolder folder;
  const TlsCertificates certificates(options_, folder.file("tls"), clock_);
  ASSERT_TRUE(certificates.dev().has_value());
  EXPECT_TRUE(certificates.dev()->is_new);
  ASSERT_EQ(certificates.context()->certificates().size(), 2U);
  EXPECT_EQ(certificates.context()->certificates()[1].names.front(), "localhost");
}

TEST_F(TlsCertificatesTest, DoesNotStartWithBadFiles) {
  options_.main.key = "/nowhere/key.pem";
  try {
    const TlsCertificates certificates(options_, "", clock_);
    FAIL();
  } catch (const StartupError& error) {
    EXPECT_THAT(error.what(), HasSubstr("[tls] /nowhere/key.pem"));
  }
}

}  // namespace
}  // namespace fanfare::tls
