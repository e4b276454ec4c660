#include "sockjs/dialect.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

std::string wrapped(Dialect dialect, std::string_view lines, std::string_view callback = "cb") {
  std::string out;
  append_wrapped(out, dialect, lines, callback);
  return out;
}

TEST(DialectTest, EachReceiverHasOne) {
  EXPECT_EQ(dialect_of(Endpoint::kXhr), Dialect::kLines);
  EXPECT_EQ(dialect_of(Endpoint::kXhrStreaming), Dialect::kLines);
  EXPECT_EQ(dialect_of(Endpoint::kEventSource), Dialect::kEventSource);
  EXPECT_EQ(dialect_of(Endpoint::kHtmlFile), Dialect::kHtmlFile);
  EXPECT_EQ(dialect_of(Endpoint::kJsonp), Dialect::kJsonp);
}

TEST(DialectTest, LinesStayLines) { EXPECT_EQ(wrapped(Dialect::kLines, "o\nh\n"), "o\nh\n"); }

TEST(DialectTest, AnEventAFrame) {
  EXPECT_EQ(wrapped(Dialect::kEventSource, "o\na[\"x\"]\n"), "data: o\r\n\r\ndata: a[\"x\"]\r\n\r\n");
}

// The client calls unescape() on what it gets: "100%20" would lose its percent sign.
TEST(DialectTest, PercentSignsAreEncodedInEvents) {
  EXPECT_EQ(wrapped(Dialect::kEventSource, "a[\"100%20\"]\n"), "data: a[\"100%2520\"]\r\n\r\n");
}

TEST(DialectTest, AScriptAFrame) {
  EXPECT_EQ(wrapped(Dialect::kHtmlFile, "a[\"</script>\\\\\"]\n"),
            "<script>\np(\"a[\\\"\\u003c/script>\\\\\\\\\\\"]\");\n</script>\r\n");
}

TEST(DialectTest, AScriptHasOneFrame) {
  EXPECT_EQ(wrapped(Dialect::kJsonp, "o\n"), "/**/cb(\"o\");\r\n");
  EXPECT_EQ(wrapped(Dialect::kJsonp, "a[\"x\"]\na[\"y\"]\na[\"z\"]\n"),
            "/**/cb(\"a[\\\"x\\\",\\\"y\\\",\\\"z\\\"]\");\r\n");
}

TEST(DialectTest, LineEndsOfOldJavaScriptAreEscaped) {
  EXPECT_EQ(wrapped(Dialect::kJsonp, "a[\"\xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA\"]\n"),
            "/**/cb(\"a[\\\"\\u2028\\u2029\xE2\x80\xAA\\\"]\");\r\n");
}

TEST(DialectTest, AnHtmlFileBeginsWithAKibibyte) {
  std::string page;
  append_begin(page, Dialect::kHtmlFile, "_sockjs.abc");
  EXPECT_GE(page.size(), 1024U);
  EXPECT_NE(page.find("parent._sockjs.abc;"), std::string::npos);
}

TEST(DialectTest, ACallbackIsANameAndNothingElse) {
  EXPECT_TRUE(is_callback("_sockjs.a1B-c"));
  EXPECT_TRUE(is_callback(std::string(128, 'a')));
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a(1)"), std::string("<script>"),
                                  std::string("ä"), std::string("a\n"), std::string(129, 'a')}) {
    EXPECT_FALSE(is_callback(name)) << name;
  }
}

}  // namespace
}  // namespace fanfare::sockjs
