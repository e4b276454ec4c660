#include "fanfare/encryption.h"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/sealed_event.h"

namespace fanfare::sdk {
namespace {

using testing::HasSubstr;
using testing::Not;

// REF 0.4: bytes 00..1f.
constexpr const char* kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kChannel = "private-encrypted-vault";

MasterKey master_key() { return *MasterKey::from_base64(kMasterKey); }

TEST(SdkEncryptionTest, Ref04TheSharedSecretOfAChannel) {
  EXPECT_EQ(*master_key().shared_secret_base64(kChannel), "wp8Orjt2S4H4n8dDP7pa2A9reduRTTedbaiVnjqomsc=");
  EXPECT_EQ(master_key().shared_secret(kChannel)->size(), 32U);
}

TEST(SdkEncryptionTest, Ref04TheSealedEvent) {
  std::array<std::uint8_t, 32> key;
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  Nonce nonce;
  std::iota(nonce.begin(), nonce.end(), std::uint8_t{0});
  EXPECT_EQ(seal(ChannelSecret(key, kChannel), nonce, R"({"msg":"hi"})"),
            R"({"nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX","ciphertext":"KPom0vGC3SHqdnKfABB/DN9qQMBWpjnGjWTg2Q=="})");
}

TEST(SdkEncryptionTest, Ref04TheSealedEventOpens) {
  const auto plain = master_key().decrypt(
      kChannel,
      R"({"ciphertext":"KPom0vGC3SHqdnKfABB/DN9qQMBWpjnGjWTg2Q==","nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"})");
  ASSERT_TRUE(plain.ok()) << plain.error().message;
  EXPECT_EQ(*plain, R"({"msg":"hi"})");
}

TEST(SdkEncryptionTest, WhatIsEncryptedOpensAndNeverLooksTheSame) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("a\0b", 3), std::string(7000, 'z')}) {
    const auto first = master_key().encrypt(kChannel, text);
    const auto second = master_key().encrypt(kChannel, text);
    EXPECT_NE(*first, *second);
    EXPECT_EQ(*master_key().decrypt(kChannel, *first), text);
  }
}

TEST(SdkEncryptionTest, AnotherChannelOrKeyDoesNotOpenIt) {
  const std::string data = *master_key().encrypt(kChannel, "secret");
  const auto other_channel = master_key().decrypt("private-encrypted-other", data);
  ASSERT_FALSE(other_channel.ok());
  EXPECT_EQ(other_channel.error().kind, ErrorKind::kDecryption);
  const auto other_key = MasterKey::from_base64(MasterKey::generate_base64());
  ASSERT_TRUE(other_key.ok());
  EXPECT_FALSE(other_key->decrypt(kChannel, data).ok());
}

TEST(SdkEncryptionTest, AlteredOrForeignDataIsADecryptionError) {
  std::string altered = *master_key().encrypt(kChannel, "secret");
  const std::size_t place = altered.find("ciphertext") + 14;
  altered[place] = altered[place] == 'A' ? 'B' : 'A';
  for (const std::string& data :
       {altered, std::string(), std::string("{}"), std::string("[]"), std::string("null"),
        std::string(R"({"nonce":1})"),
        std::string(R"({"nonce":"AAAA","ciphertext":"KPom0vGC3SHqdnKfABB/DN9qQMBWpjnGjWTg2Q=="})"),
        std::string(R"({"nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX","ciphertext":"AAAA"})"),
        std::string(R"({"nonce":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX","ciphertext":"?"})"), std::string("\xFF")}) {
    const auto plain = master_key().decrypt(kChannel, data);
    ASSERT_FALSE(plain.ok()) << data;
    EXPECT_EQ(plain.error().kind, ErrorKind::kDecryption);
  }
}

TEST(SdkEncryptionTest, OnlyEncryptedChannelsHaveASecret) {
  for (const char* channel : {"orders", "private-x", "private-encryptedx", "presence-encrypted-x"}) {
    EXPECT_EQ(master_key().shared_secret(channel).error().kind, ErrorKind::kInvalid) << channel;
    EXPECT_FALSE(master_key().shared_secret_base64(channel).ok());
    EXPECT_FALSE(master_key().encrypt(channel, "x").ok());
    EXPECT_FALSE(master_key().decrypt(channel, "{}").ok());
  }
  EXPECT_TRUE(master_key().shared_secret("private-encrypted-cache-x").ok());
}

TEST(SdkEncryptionTest, AMasterKeyIs32BytesOfBase64) {
  EXPECT_TRUE(MasterKey::from_base64(std::string("  ") + kMasterKey + "\n").ok());
  EXPECT_TRUE(MasterKey::from_bytes(std::string(32, 'k')).ok());
  EXPECT_FALSE(MasterKey::from_bytes(std::string(31, 'k')).ok());
  EXPECT_FALSE(MasterKey::from_bytes(std::string(33, 'k')).ok());
  for (const char* text : {"", "AAEC", "not base64!", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}) {
    const auto key = MasterKey::from_base64(text);
    ASSERT_FALSE(key.ok()) << text;
    EXPECT_THAT(key.error().message, HasSubstr("master key"));
  }
  EXPECT_THAT(MasterKey::from_base64("c2VjcmV0LXNlY3JldC1zZWNyZXQ=").error().message, Not(HasSubstr("c2Vj")));
}

TEST(SdkEncryptionTest, GeneratedKeysDiffer) { EXPECT_NE(MasterKey::generate_base64(), MasterKey::generate_base64()); }

}  // namespace
}  // namespace fanfare::sdk
