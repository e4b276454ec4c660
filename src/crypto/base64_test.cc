#include "crypto/base64.h"

#include <gtest/gtest.h>

namespace fanfare::crypto {
namespace {

TEST(Base64Test, AgreesWithTheVectorsOfRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(as_bytes(bytes)), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64Test, EveryByteSurvives) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    EXPECT_EQ(from_base64(to_base64(as_bytes(bytes.substr(0, size)))), bytes.substr(0, size));
  }
}

TEST(Base64Test, RefusesWhatHasAnotherSpelling) {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm-_", " Zg=="}) {
    EXPECT_EQ(from_base64(text), std::nullopt) << text;
  }
}

TEST(Base64UrlTest, WritesAndReadsBothWays) {
  for (const std::string_view bytes : {"", "f", "fo", "foo", "\xfb\xff\xfe", "\xff\xff"}) {
    const std::string text = to_base64url(as_bytes(bytes));
    EXPECT_EQ(text.find_first_of("+/="), std::string::npos) << text;
    EXPECT_EQ(from_base64url(text), std::string(bytes)) << text;
  }
  EXPECT_EQ(to_base64url(as_bytes("\xfb\xff\xfe")), "-__-");
}

TEST(Base64UrlTest, RefusesTheOtherAlphabetPaddingAndSecondSpellings) {
  for (const std::string_view text : {"Zg==", "Zg=", "Z", "Zh", "+//+", "Zm 9", "Zm9v\n", "Zm9vZ"}) {
    EXPECT_EQ(from_base64url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fanfare::crypto
