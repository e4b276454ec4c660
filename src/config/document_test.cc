#include "config/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/dotted_keys.h"
#include "config/suggestion.h"

namespace fanfare::config {
namespace {

std::vector<std::string> faults_of(std::string_view text) {
  Faults faults;
  parse_document(text, "f", faults);
  std::vector<std::string> lines;
  for (const Fault& fault : faults.all()) lines.push_back(fault.place + ": " + fault.message);
  return lines;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(DocumentTest, ValuesKeepTheirKindAndPlace) {
  Faults faults;
  const Table table = parse_document("a = 1\n[t]\n  b = \"x\"\n  c = [true, 1.5]\n", "f", faults);
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(std::get<std::int64_t>(table[0].node.value), 1);
  const Table& inner = std::get<Table>(table[1].node.value);
  EXPECT_EQ(std::get<std::string>(inner.at(0).node.value), "x");
  EXPECT_EQ(inner[0].place.line, 3U);
  EXPECT_EQ(inner[0].place.column, 3U);
  const Array& items = std::get<Array>(inner.at(1).node.value);
  EXPECT_TRUE(std::get<bool>(items.at(0).value));
  EXPECT_EQ(kind_name(items.at(1)), "a number with a fraction, a date or a time");
}

TEST(DocumentTest, TextsMayHaveAnyCharacter) {
  Faults faults;
  const Table table = parse_document("# ä\na = \"\"\"\\\n  ä\uFEFF\"\"\"\n'ä' = 'ä\u2028'\n", "f", faults);
  EXPECT_TRUE(faults.empty());
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(std::get<std::string>(table[0].node.value), "ä\uFEFF");
}

TEST(DocumentTest, MembersComeInTheOrderOfTheFile) {
  Faults faults;
  const Table table = parse_document("b = 1\na = 2\n", "f", faults);
  ASSERT_EQ(table.size(), 2U);
  EXPECT_EQ(table[0].key, "b");
}

TEST(DocumentTest, GarbageIsOneFaultWithItsPlace) {
  const std::vector<std::string> garbage = {
      "=",
      "[",
      "[[[",
      "a",
      "a = ",
      "a = \"",
      "a = '''",
      "a = \"\"\"x",
      "a = {",
      "a = [1, ",
      "a = 1\na = 2",
      "[t]\n[t]",
      "a = 0x",
      "a = 99999999999999999999",
      "a = 2020-99-99",
      "\xff\xfe\x00",
      std::string(1, '\0'),
      "a = \"\\uD800\"",
      "a = \"\\q\"",
      "a.\"b",
      "ä = 1",
      "\xEF\xBA\xBF = 1",
      "# \x01",
      repeat("[", 10'000),
      "a = " + repeat("[", 10'000),
      "a = " + repeat("{a=", 10'000),
      repeat("\"", 999),
  };
  for (const std::string& text : garbage) {
    EXPECT_THAT(faults_of(text), testing::ElementsAre(testing::StartsWith("f:"))) << text.substr(0, 40);
  }
}

TEST(DocumentTest, DotsOfAKeyAreBounded) {
  EXPECT_TRUE(faults_of("a" + repeat(".a", kKeyDotsMax) + " = 1").empty());
  EXPECT_THAT(faults_of("x = 1\na" + repeat(".a", kKeyDotsMax + 1) + " = 1"),
              testing::ElementsAre("f:2:34: a key has more than 16 dots"));
  EXPECT_FALSE(faults_of("[a" + repeat(".a", 200'000) + "]").empty());
  EXPECT_FALSE(faults_of("a = [{ a" + repeat(" . \"=\"", kKeyDotsMax + 1) + " = 1 }]").empty());
}

TEST(DocumentTest, DotsOfStringsAndCommentsDoNotCount) {
  const std::string dots = repeat(".", 100);
  for (const std::string& text : {"a = \"" + dots + "\"", "a = '" + dots + "'", "a = \"\\\"" + dots + "\"", "# " + dots,
                                  "a = '''\n'" + dots + "'''''", "a = \"\"\"\n\"\"\\\"" + dots + "\"\"\"\"\"",
                                  "a = ''\nb = \"\" # " + dots, "a = [" + repeat("'1.2.3.4', ", 50) + "]"}) {
    EXPECT_TRUE(faults_of(text).empty()) << text << " → " << faults_of(text)[0];
  }
}

TEST(SuggestionTest, ANearNameIsOfferedAndAFarOneIsNot) {
  const std::vector<std::string> names = {"port", "host", "loops"};
  EXPECT_EQ(did_you_mean("prot", names), ", did you mean \"port\"?");
  EXPECT_EQ(did_you_mean("hosts", names), ", did you mean \"host\"?");
  EXPECT_EQ(did_you_mean("certificate", names), "");
  EXPECT_EQ(did_you_mean(std::string(1000, 'x'), names), "");
}

TEST(SuggestionTest, NamesInMessagesAreShortAndHarmless) {
  EXPECT_EQ(printable("a\x1b[31m\nb"), "a?[31m?b");
  EXPECT_EQ(printable(std::string(61, 'x')), std::string(60, 'x') + "…");
}

}  // namespace
}  // namespace fanfare::config
