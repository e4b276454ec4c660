#include "crypto/digest.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "crypto/hex.h"

namespace fanfare::crypto {
namespace {

TEST(DigestTest, Md5AgreesWithRfc1321) {
  EXPECT_EQ(to_hex(md5("")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(md5("abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(to_hex(md5("message digest")), "f96b697d7cb7938d525a2f31aaf161d0");
}

TEST(DigestTest, Md5AgreesWithTheBodiesOfThePusherDocumentation) {
  EXPECT_EQ(to_hex(md5(R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})")),
            "ec365a775a4cd0599faeb73354201b6f");
  EXPECT_EQ(to_hex(md5(R"({"name":"order.created","channel":"orders","data":"{\"n\":1}"})")),
            "442f1b83fa81e3d866608c7cbc73ed28");
}

TEST(DigestTest, Sha1AgreesWithRfc3174AndRfc6455) {
  EXPECT_EQ(to_hex(sha1("abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(to_base64(sha1("dGhlIHNhbXBsZSBub25jZQ==258EAFA5-E914-47DA-95CA-C5AB0DC85B11")),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(DigestTest, Sha256AgreesWithFips180) {
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(DigestTest, Sha256MakesTheSharedSecretOfAnEncryptedChannel) {
  std::string input = "private-encrypted-vault";
  for (int i = 0; i < 32; ++i) input.push_back(static_cast<char>(i));
  EXPECT_EQ(to_base64(sha256(input)), "wp8Orjt2S4H4n8dDP7pa2A9reduRTTedbaiVnjqomsc=");
}

}  // namespace
}  // namespace fanfare::crypto
