#include "http/url.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

std::vector<std::string> segments_of(std::string_view path) {
  std::vector<std::string> all;
  PathSegments segments(path);
  while (const auto segment = segments.next()) all.emplace_back(*segment);
  return all;
}

TEST(UrlTest, DecodesOnce) {
  EXPECT_EQ(percent_decode("presence%2Droom%3D1"), "presence-room=1");
  EXPECT_EQ(percent_decode("%2525"), "%25");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("a+b%2B", PlusSign::kSpace), "a b+");
  EXPECT_EQ(percent_decode("%c3%A4"), "\xC3\xA4");
  EXPECT_EQ(percent_decode(""), "");
}

TEST(UrlTest, WrongEncodingIsNothing) {
  for (const std::string_view text : {"%", "%2", "a%", "%zz", "%2g", "%%41"})
    EXPECT_EQ(percent_decode(text), std::nullopt);
  std::string out = "kept";
  EXPECT_FALSE(append_percent_decoded(out, "abc%"));
  EXPECT_EQ(out, "kept");
}

TEST(UrlTest, EncodesAllButUnreserved) {
  EXPECT_EQ(percent_encode("aZ0-._~"), "aZ0-._~");
  EXPECT_EQ(percent_encode("a b/\xC3+"), "a%20b%2F%C3%2B");
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(UrlTest, SplitsPaths) {
  using List = std::vector<std::string>;
  EXPECT_EQ(segments_of("/apps/42/events"), (List{"apps", "42", "events"}));
  EXPECT_EQ(segments_of("/apps/"), (List{"apps", ""}));
  EXPECT_EQ(segments_of("/"), List{""});
  EXPECT_EQ(segments_of("//a"), (List{"", "a"}));
  EXPECT_EQ(segments_of(""), List{});
}

}  // namespace
}  // namespace fanfare::http
