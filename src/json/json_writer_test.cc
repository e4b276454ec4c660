#include "json/json_writer.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "json/json_reader.h"

namespace fanfare::json {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

TEST(JsonWriterTest, EscapesAsJsonStringifyDoes) {
  EXPECT_EQ(escaped("plain/é€😀\x7F"), "plain/é€😀\x7F");
  EXPECT_EQ(escaped("\"\\"), R"(\"\\)");
  EXPECT_EQ(escaped("\b\f\n\r\t"), R"(\b\f\n\r\t)");
  EXPECT_EQ(escaped(std::string_view("\0\x01\x1F ", 4)), R"(\u0000\u0001\u001f )");
}

TEST(JsonWriterTest, FindsWhatNeedsAnEscapeAtEveryPlaceOfATextOfAnyLength) {
  for (std::size_t length = 1; length <= 70; ++length) {
    const std::string plain(length, 'x');
    ASSERT_EQ(escaped(plain), plain);
    for (std::size_t at = 0; at < length; ++at) {
      ASSERT_EQ(escaped(plain.substr(0, at) + '"' + plain.substr(at + 1)),
                plain.substr(0, at) + "\\\"" + plain.substr(at + 1));
      ASSERT_EQ(escaped(plain.substr(0, at) + "\n\x1F" + plain.substr(at)),
                plain.substr(0, at) + "\\n\\u001f" + plain.substr(at));
    }
  }
}

TEST(JsonWriterTest, EscapingTwiceIsEscapingTheEscaped) {
  std::string every;
  for (int c = 0; c < 128; ++c) every.push_back(static_cast<char>(c));
  std::string twice;
  append_escaped_twice(twice, every);
  EXPECT_EQ(twice, escaped(escaped(every)));
}

TEST(JsonWriterTest, WhatIsWrittenIsReadBack) {
  std::string every;
  for (int c = 0; c < 128; ++c) every.push_back(static_cast<char>(c));
  every += "é€😀";
  std::string out;
  append_string(out, every);
  Reader reader;
  ASSERT_TRUE(reader.parse(out).ok());
  EXPECT_EQ(reader.root().text, every);
}

TEST(JsonWriterTest, WritesIntegersOfEverySize) {
  std::string out;
  append_integer(out, std::numeric_limits<std::int64_t>::min());
  out += ' ';
  append_integer(out, std::numeric_limits<std::uint64_t>::max());
  out += ' ';
  append_integer(out, std::uint8_t{7});
  out += ' ';
  append_integer(out, -1);
  EXPECT_EQ(out, "-9223372036854775808 18446744073709551615 7 -1");
}

TEST(JsonWriterTest, PutsCommasWhereTheyBelong) {
  std::string out;
  Writer json(out);
  json.begin_object().key("a").begin_array().string("x").integer(1).boolean(true).null().end_array();
  json.key("b\"").begin_object().end_object().key("c").raw("[ ]").key("d").begin_array().begin_object().end_object();
  json.begin_object().key("e").integer(2).end_object().end_array().end_object();
  EXPECT_EQ(out, R"({"a":["x",1,true,null],"b\"":{},"c":[ ],"d":[{},{"e":2}]})");
}

}  // namespace
}  // namespace fanfare::json
