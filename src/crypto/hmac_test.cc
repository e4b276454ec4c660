#include "crypto/hmac.h"

#include <gtest/gtest.h>

#include "crypto/hex.h"

namespace fanfare::crypto {
namespace {

std::string hex(std::string_view secret, std::string_view message) {
  return std::string(HmacKey(secret).hex(message).view());
}

TEST(HmacTest, AgreesWithRfc4231) {
  EXPECT_EQ(hex(std::string(20, '\x0b'), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex(std::string(20, '\xaa'), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hex(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      hex(std::string(131, '\xaa'),
          "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
          "hashed before being used by the HMAC algorithm."),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

TEST(HmacTest, AgreesWithThePusherDocumentation) {
  const HmacKey key("7ad3773142a6692b25b8");
  EXPECT_EQ(key.hex("1234.1234:private-foobar").view(),
            "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
  EXPECT_EQ(key.hex(R"(1234.1234::user::{"id":"12345"})").view(),
            "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba");
  EXPECT_EQ(key.hex(R"(1234.1234:presence-foobar:{"user_id":10,"user_info":{"name":"Mr. Channels"}})").view(),
            "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80");
  EXPECT_EQ(key.hex(R"(1234.1234:presence-foobar:{"user_id":10,"user_info":{"name":"Mr. Pusher"}})").view(),
            "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c");
}

TEST(HmacTest, SignsAWebhookBody) {
  EXPECT_EQ(
      hex("demo-secret-0001", R"({"time_ms":1700000000123,"events":[{"name":"channel_occupied","channel":"orders"}]})"),
      "764deb0cbf7059976fab7a401b68a235230a0e17a060e26256000dd213c1077b");
}

TEST(HmacTest, KeysAtAndAroundTheBlockSize) {
  // From Python's hmac module.
  EXPECT_EQ(hex("", ""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(hex(std::string(63, 'k'), "m"), "e458f5dd7e8afee6b774e5d451ae43f4d268bf11646030143d0b0231dcb02383");
  EXPECT_EQ(hex(std::string(64, 'k'), "m"), "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa");
  EXPECT_EQ(hex(std::string(65, 'k'), "m"), "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc");
}

TEST(HmacTest, PartsAreConcatenatedWhereverTheyAreCut) {
  const HmacKey key("secret");
  const std::string message(200, 'x');
  const std::string_view view = message;
  for (std::size_t cut = 0; cut <= view.size(); ++cut) {
    EXPECT_EQ(key.digest({view.substr(0, cut), view.substr(cut)}), key.digest(view)) << cut;
  }
}

TEST(HmacTest, ComparesWholeTexts) {
  EXPECT_TRUE(constant_time_equal("abc", "abc"));
  EXPECT_FALSE(constant_time_equal("abc", "abd"));
  EXPECT_FALSE(constant_time_equal("abc", "ab"));
  EXPECT_TRUE(constant_time_equal("", ""));
}

}  // namespace
}  // namespace fanfare::crypto
