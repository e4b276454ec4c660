#include "jwt/key_store.h"

#include <atomic>

#include <gtest/gtest.h>

#include "crypto/public_keys_test_support.h"
#include "fetch/loopback_server_test_support.h"
#include "jwt/tokens_test_support.h"
#include "support/gate.h"
#include "support/manual_clock.h"
#include "support/temp_folder.h"

namespace fanfare::jwt {
namespace {

std::string set_with(std::string_view kid) {
  return R"({"keys":[{"kty":"EC","crv":"P-256","kid":")" + std::string(kid) + R"(","x":")" + std::string(crypto::kEcX) +
         R"(","y":")" + std::string(crypto::kEcY) + "\"}]}";
}

class KeyStoreTest : public testing::Test {
 protected:
  std::unique_ptr<KeyStore> open(const JwtOptions& options) {
    auto store = KeyStore::open(options, fetcher_, loop_, clock_);
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message);
    return store.ok() ? *std::move(store) : nullptr;
  }
  std::string fault(const JwtOptions& options) {
    const auto store = KeyStore::open(options, fetcher_, loop_, clock_);
    return store.ok() ? "" : store.error().message;
  }

  fetch::WaitingExecutor loop_;
  ManualClock clock_;
  test::TempFolder folder_;
  fetch::HttpClient fetcher_;
};

TEST_F(KeyStoreTest, TakesKeysFromEverywhere) {
  JwtOptions options{.secret = std::string(kSecret), .public_key = std::string(crypto::kRsaPem)};
  options.public_key_file = folder_.write("key.pem", crypto::kEcPem);
  options.jwks_file = folder_.write("keys.json", set_with("k1"));
  const auto store = open(options);
  EXPECT_EQ(store->keys().keys().size(), 4U);
  EXPECT_TRUE(store->is_configured());
  EXPECT_FALSE(open({})->is_configured());
}

TEST_F(KeyStoreTest, APemMayBeWrittenOnOneLine) {
  std::string pem(crypto::kRsaPem);
  for (std::size_t at = pem.find('\n'); at != std::string::npos; at = pem.find('\n')) pem.replace(at, 1, "\\n");
  EXPECT_EQ(open({.public_key = pem})->keys().keys().size(), 1U);
}

TEST_F(KeyStoreTest, SaysWhatCannotBeRead) {
  EXPECT_EQ(fault({.public_key_file = folder_.path() + "/none"}), folder_.path() + "/none: cannot be opened");
  EXPECT_EQ(fault({.public_key = "not a key"}),
            "public key: expected a PEM that begins with -----BEGIN PUBLIC KEY-----");
  const std::string path = folder_.write("keys.json", "[]");
  EXPECT_TRUE(fault({.jwks_file = path}).starts_with(path + ": "));
  EXPECT_NE(fault({.algorithms = {"none"}}).find("found \"none\""), std::string::npos);
  EXPECT_NE(fault({.jwks_file = "a", .jwks_url = "b"}).find("found both"), std::string::npos);
  EXPECT_EQ(fault({.jwks_file = folder_.write("large", std::string(KeyStore::kFileBytesMax + 1, ' '))}),
            folder_.path() + "/large: larger than 1 MiB");
}

TEST_F(KeyStoreTest, AlgorithmsNarrowEveryKey) {
  const auto store =
      open({.secret = std::string(kSecret), .public_key = std::string(crypto::kRsaPem), .algorithms = {"RS256"}});
  ASSERT_EQ(store->keys().keys().size(), 1U);
  EXPECT_EQ(store->keys().keys()[0].algorithms, (std::vector<Algorithm>{Algorithm::kRs256}));
}

TEST_F(KeyStoreTest, AnUnknownKeyReadsTheFileAnewButNotAllTheTime) {
  JwtOptions options;
  options.jwks_file = folder_.write("keys.json", set_with("old"));
  const auto store = open(options);
  folder_.write("keys.json", set_with("new"));
  EXPECT_FALSE(store->try_refresh([] { FAIL(); })) << "it was read just now";
  clock_.advance(options.jwks_refetch_min);
  bool done = false;
  EXPECT_TRUE(store->try_refresh([&] { done = true; }));
  EXPECT_TRUE(done);
  EXPECT_TRUE(store->keys().has_kid("new"));
  EXPECT_FALSE(store->keys().has_kid("old"));
  EXPECT_FALSE(store->try_refresh([] { FAIL(); }));
}

TEST_F(KeyStoreTest, ASetThatCannotBeReadLeavesTheFormerOne) {
  JwtOptions options;
  options.jwks_file = folder_.write("keys.json", set_with("old"));
  const auto store = open(options);
  folder_.write("keys.json", "broken");
  clock_.advance(options.jwks_refresh);
  store->refresh_if_stale();
  EXPECT_TRUE(store->keys().has_kid("old"));
}

TEST_F(KeyStoreTest, FetchesOnceForAllWhoWait) {
  std::atomic<int> fetches = 0;
  fetch::LoopbackServer issuer([&](const std::string&) {
    ++fetches;
    return fetch::http_answer("200 OK", "", set_with("k" + std::to_string(fetches.load())));
  });
  JwtOptions options{.secret = std::string(kSecret)};
  options.jwks_url = issuer.url("/jwks");
  const auto store = open(options);
  EXPECT_TRUE(store->is_configured());
  int done = 0;
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(store->try_refresh([&] { ++done; }));
  loop_.run_one();
  EXPECT_EQ(done, 3);
  EXPECT_EQ(fetches, 1);
  EXPECT_TRUE(store->keys().has_kid("k1"));
  EXPECT_EQ(store->keys().candidates(Algorithm::kHs256, std::nullopt).size(), 1U) << "the secret is still there";
  EXPECT_FALSE(store->try_refresh([] { FAIL(); }));
  store->refresh_if_stale();
  clock_.advance(options.jwks_refresh);
  store->refresh_if_stale();
  store->refresh_if_stale();
  loop_.run_one();
  EXPECT_EQ(fetches, 2);
  EXPECT_TRUE(store->keys().has_kid("k2"));
  EXPECT_FALSE(store->keys().has_kid("k1"));
}

TEST_F(KeyStoreTest, AnIssuerThatIsAwayLeavesTheKeys) {
  fetch::LoopbackServer issuer([](const std::string&) { return fetch::http_answer("500 Oops", "", "{}"); });
  JwtOptions options{.secret = std::string(kSecret)};
  options.jwks_url = issuer.url("/jwks");
  const auto store = open(options);
  bool done = false;
  EXPECT_TRUE(store->try_refresh([&] { done = true; }));
  loop_.run_one();
  EXPECT_TRUE(done);
  EXPECT_EQ(store->keys().keys().size(), 1U);
}

TEST_F(KeyStoreTest, BoundsThoseWhoWaitAndMayDieMeanwhile) {
  test::Gate gate;
  fetch::LoopbackServer issuer([&](const std::string&) {
    gate.wait();
    return fetch::http_answer("200 OK", "", set_with("k"));
  });
  JwtOptions options;
  options.jwks_url = issuer.url("/jwks");
  auto store = open(options);
  for (std::size_t i = 0; i < KeyStore::kWaitersMax; ++i) ASSERT_TRUE(store->try_refresh([] { FAIL(); }));
  EXPECT_FALSE(store->try_refresh([] { FAIL(); }));
  store.reset();
  gate.open();
  loop_.run_one();
}

}  // namespace
}  // namespace fanfare::jwt
