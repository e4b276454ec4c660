#include "tls/tls_engine.h"

#include <array>

#include "tls/tls_test_support.h"

namespace fanfare::tls {
namespace {

using Step = TlsEngine::Step;

class TlsEngineTest : public testing::Test {
 protected:
  TlsEngineTest() { options_.main = certificates_.add("localhost", {.names = {"localhost"}}); }

  // Bytes go to and fro until nobody has any for the other.
  Step shake(TlsEngine& engine, TestTlsClient& client) {
    Step step = Step::kWantsInput;
    for (int i = 0; i < 10; ++i) {
      const std::string sent = client.take();
      if (sent.empty() && i > 0) break;
      engine.give_input(as_bytes(sent));
      std::string out;
      step = engine.shake(out);
      client.give(out);
      if (step == Step::kFailed) break;
    }
    return step;
  }
  std::unique_ptr<TlsEngine> engine() { return TlsEngine::create(must_load(options_, tickets_)); }
  std::string read(TlsEngine& engine, const std::string& records) {
    engine.give_input(as_bytes(records));
    std::string text(100'000, '\0');
    std::string out;
    std::size_t size = 0;
    for (;;) {
      const auto result = engine.read({reinterpret_cast<std::uint8_t*>(text.data()) + size, text.size() - size}, out);
      size += result.size;
      last_ = result.step;
      if (result.step != Step::kDone) break;
    }
    text.resize(size);
    return text;
  }

  TestCertificates certificates_;
  TlsOptions options_;
  TicketKeys tickets_ = TicketKeys::random();
  Step last_ = Step::kDone;
};

TEST_F(TlsEngineTest, ShakesHandsAndCarriesBytesBothWays) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto server = engine();
    TestTlsClient client({.max_version = version, .authority = certificates_.authority_file()});
    ASSERT_EQ(shake(*server, client), Step::kDone) << client.failure;
    EXPECT_EQ(server->version(), version == TLS1_3_VERSION ? TlsVersion::kTls13 : TlsVersion::kTls12);
    EXPECT_FALSE(server->is_resumed());
    EXPECT_FALSE(server->has_client_certificate());
    client.write("hello server");
    EXPECT_EQ(read(*server, client.take()), "hello server");
    EXPECT_EQ(last_, Step::kWantsInput);
    std::string out;
    ASSERT_TRUE(server->write(as_bytes("hello client"), out));
    client.give(out);
    EXPECT_EQ(client.received, "hello client");
  }
}

TEST_F(TlsEngineTest, TakesARecordInPieces) {
  const auto server = engine();
  TestTlsClient client;
  ASSERT_EQ(shake(*server, client), Step::kDone);
  client.write("in pieces");
  const std::string records = client.take();
  std::string text;
  for (const char& one : records) text += read(*server, std::string(1, one));
  EXPECT_EQ(text, "in pieces");
}

TEST_F(TlsEngineTest, PutsAsMuchIntoARecordAsFits) {
  const auto server = engine();
  TestTlsClient client;
  ASSERT_EQ(shake(*server, client), Step::kDone);
  const std::string plain(2 * TlsEngine::kRecordBytesMax, 'x');
  std::string out;
  ASSERT_TRUE(server->write(as_bytes(plain), out));
  EXPECT_LE(out.size(), plain.size() + std::size_t{2} * 22);
  client.give(out);
  EXPECT_EQ(client.received, plain);
}

TEST_F(TlsEngineTest, TellsTheEndOfEitherSide) {
  const auto server = engine();
  TestTlsClient client;
  ASSERT_EQ(shake(*server, client), Step::kDone);
  client.write("last");
  client.end();
  EXPECT_EQ(read(*server, client.take()), "last");
  EXPECT_EQ(last_, Step::kEnded);
  std::string out;
  ASSERT_TRUE(server->write(as_bytes("answer"), out));
  server->end(out);
  client.give(out);
  EXPECT_EQ(client.received, "answer");
  EXPECT_TRUE(client.has_ended);
}

TEST_F(TlsEngineTest, AChangedRecordEndsTheConnectionWithAnAlert) {
  const auto server = engine();
  TestTlsClient client;
  ASSERT_EQ(shake(*server, client), Step::kDone);
  client.write("hello");
  std::string records = client.take();
  records.back() = static_cast<char>(records.back() ^ 1);
  EXPECT_EQ(read(*server, records), "");
  EXPECT_EQ(last_, Step::kFailed);
}

TEST_F(TlsEngineTest, RefusesToNegotiateAgain) {
  const auto server = engine();
  TestTlsClient client({.max_version = TLS1_2_VERSION});
  ASSERT_EQ(shake(*server, client), Step::kDone);
  EXPECT_EQ(SSL_renegotiate(client.ssl()), 1);
  SSL_do_handshake(client.ssl());
  std::string out;
  server->give_input({});
  const std::string sent = client.take();
  ASSERT_FALSE(sent.empty());
  server->give_input(as_bytes(sent));
  std::array<std::uint8_t, TlsEngine::kRecordBytesMax> buffer{};
  EXPECT_NE(server->read(buffer, out).step, Step::kDone);
  client.give(out);
  EXPECT_TRUE(client.has_failed);
  EXPECT_EQ(client.failure, SSL_R_NO_RENEGOTIATION);
}

TEST_F(TlsEngineTest, ATicketSavesTheHandshakeAndOutlivesOneRotation) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    SCOPED_TRACE(version);
    tickets_ = TicketKeys::random();
    TestTlsClient first({.max_version = version});
    ASSERT_EQ(shake(*engine(), first), Step::kDone);
    ASSERT_NE(first.session(), nullptr);
    for (const bool expected : {true, true, false}) {
      const auto server = engine();
      TestTlsClient again({.max_version = version, .session = first.session()});
      ASSERT_EQ(shake(*server, again), Step::kDone);
      EXPECT_EQ(server->is_resumed(), expected);
      tickets_ = tickets_.rotated();
    }
  }
}

TEST_F(TlsEngineTest, FailuresHaveTheirReason) {
  const auto failure_with = [&](const TestClientOptions& client_options) {
    const auto server = engine();
    TestTlsClient client(client_options);
    Step step = shake(*server, client);
    if (step == Step::kDone) {  // with TLS 1.3 the client refuses behind the server's part
      std::string out;
      read(*server, client.take());
      step = last_;
    }
    EXPECT_EQ(step, Step::kFailed);
    return server->failure();
  };
  EXPECT_EQ(failure_with({.max_version = TLS1_1_VERSION, .min_version = TLS1_VERSION}), HandshakeFailure::kVersion);
  EXPECT_EQ(failure_with({.max_version = TLS1_2_VERSION, .ciphers = "AES256-SHA"}), HandshakeFailure::kNoSharedCipher);
  const TestCertificates others;
  EXPECT_EQ(failure_with({.authority = others.authority_file()}), HandshakeFailure::kCertificateRefused);
  EXPECT_EQ(failure_with({.protocols = {"h2"}}), HandshakeFailure::kOther);
  options_.min_version = MinVersion::kTls13;
  EXPECT_EQ(failure_with({.max_version = TLS1_2_VERSION}), HandshakeFailure::kVersion);
}

TEST_F(TlsEngineTest, AsksForAClientCertificateAndTakesOnlyThoseOfItsAuthority) {
  TestCertificates clients;
  options_.client_ca = clients.authority_file();
  const CertificateFiles known = clients.add("backend", {.names = {"backend"}});
  TestCertificates others;
  const CertificateFiles stranger = others.add("stranger", {.names = {"stranger"}});
  {
    const auto server = engine();
    TestTlsClient client({.identity = known});
    ASSERT_EQ(shake(*server, client), Step::kDone);
    EXPECT_TRUE(server->has_client_certificate());
  }
  {
    const auto server = engine();
    TestTlsClient client;
    ASSERT_EQ(shake(*server, client), Step::kDone);
    EXPECT_FALSE(server->has_client_certificate());
  }
  const auto server = engine();
  TestTlsClient client({.identity = stranger});
  ASSERT_EQ(shake(*server, client), Step::kFailed);
  EXPECT_EQ(server->failure(), HandshakeFailure::kClientCertificate);
}

}  // namespace
}  // namespace fanfare::tls
