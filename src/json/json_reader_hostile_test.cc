// What must be refused, and with which words; and that simdjson's own parser judges alike.
#include <gtest/gtest.h>
#include <simdjson.h>

#include "base/random.h"
#include "json/json_reader.h"

namespace fanfare::json {
namespace {

using namespace std::string_literals;

std::string fault_of(std::string_view document, const ReadLimits& limits = {}) {
  Reader reader;
  const Status status = reader.parse(document, limits);
  return status.ok() ? "" : status.error().message;
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(HostileJsonTest, FaultsSayWhatAndWhere) {
  const std::pair<std::string, std::string> cases[] = {
      {"", "byte 0: expected a value, the document ends"},
      {"  ", "byte 2: expected a value, the document ends"},
      {"{\"a\" 1}", "byte 5: expected ':' after the key"},
      {"{\"a\":1 \"b\":2}", "byte 7: expected ',' or '}' after the value"},
      {"{\"a\":1,}", "byte 7: expected a key in quotes"},
      {"{a:1}", "byte 1: expected a key in quotes"},
      {"{\"a\":}", "byte 5: expected a value"},
      {"{\"a\":1", "byte 6: expected ',' or '}' after the value"},
      {"[1,]", "byte 3: expected a value"},
      {"[1 2]", "byte 3: expected ',' or ']' after the value"},
      {"[1}", "byte 2: expected ',' or ']' after the value"},
      {"{} x", "byte 3: expected the end"},
      {"{}{}", "byte 2: expected the end"},
      {"1 2", "byte 2: expected the end"},
      {"tru", "byte 0: expected a value"},
      {"truex", "byte 4: expected the end"},
      {"True", "byte 0: expected a value"},
      {"NaN", "byte 0: expected a value"},
      {"'a'", "byte 0: expected a value"},
      {"\"abc", "byte 4: the string does not end"},
      {"\"abc\\", "byte 5: the string does not end"},
      {"\"a\nb\"", "byte 2: a control character must be escaped"},
      {"\"a\0b\""s, "byte 2: a control character must be escaped"},
      {"{}\0"s, "byte 2: expected the end"},
      {"\"\\x41\"", "byte 1: no such escape"},
      {"\"\\u12g4\"", "byte 1: expected four hexadecimal digits after \\u"},
      {"\"\\u12", "byte 1: expected four hexadecimal digits after \\u"},
      {"01", "byte 1: a number must not begin with 0"},
      {"-", "byte 1: expected a digit"},
      {"-a", "byte 1: expected a digit"},
      {"1.", "byte 2: expected a digit"},
      {"1.e1", "byte 2: expected a digit"},
      {"1e", "byte 2: expected a digit"},
      {"1e+", "byte 3: expected a digit"},
      {".5", "byte 0: expected a value"},
      {"+1", "byte 0: expected a value"},
      {"\xEF\xBB\xBF{}", "byte 0: expected a value"},
  };
  for (const auto& [document, fault] : cases) EXPECT_EQ(fault_of(document), "invalid JSON at " + fault) << document;
}

TEST(HostileJsonTest, RefusesLoneSurrogatesAtEveryDepth) {
  const std::string high = "a high surrogate without a low one behind it";
  const std::string low = "a low surrogate without a high one before it";
  const std::pair<std::string, std::string> cases[] = {
      {R"(\ud800)", high},       {R"(\udbffx)", high},  {R"(\ud800\n)", high}, {R"(\ud800\ud800)", high},
      {R"(\ud800\u0041)", high}, {R"(\ud800\u)", high}, {R"(\udc00)", low},    {R"(\uDFFF\ud800)", low}};
  for (const auto& [text, fault] : cases) {
    EXPECT_EQ(fault_of("\"" + text + "\""), "invalid JSON at byte 1: " + fault) << text;
    EXPECT_EQ(fault_of("{\"" + text + "\":1}"), "invalid JSON at byte 2: " + fault) << text;
    EXPECT_EQ(fault_of("[[[\"" + text + "\"]]]"), "invalid JSON at byte 4: " + fault) << text;
  }
  EXPECT_EQ(fault_of(R"("\ud83d\ude00")"), "");
}

TEST(HostileJsonTest, RefusesInvalidUtf8AtItsPlace) {
  for (const std::string& bad :
       {"\xFF"s, "\xC0\x80"s, "\xE2\x82"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\x80"s, "\xC3"s}) {
    for (const std::size_t before : {0U, 1U, 63U, 64U, 4095U, 4096U, 4097U, 10'000U}) {
      const std::string document = "\"" + std::string(before, 'x') + bad + "yyyyyyyy\"";
      EXPECT_EQ(fault_of(document), "invalid JSON at byte " + std::to_string(before + 1) + ": not UTF-8");
    }
  }
  std::string long_text = "\"";
  for (int i = 0; i < 5000; ++i) long_text += "\xE2\x82\xAC";
  EXPECT_EQ(fault_of(long_text + "\""), "");
  EXPECT_EQ(fault_of(long_text + "\xFF\""), "invalid JSON at byte 15001: not UTF-8");
}

TEST(HostileJsonTest, DepthIsBounded) {
  EXPECT_EQ(fault_of(nested(31)), "");
  EXPECT_EQ(fault_of(nested(32)), "");
  EXPECT_EQ(fault_of(nested(33)), "invalid JSON at byte 32: nested too deeply");
  EXPECT_EQ(fault_of(std::string(1'000'000, '[')), "invalid JSON at byte 32: nested too deeply");
  EXPECT_EQ(fault_of(nested(3), {.depth_max = 2}), "invalid JSON at byte 2: nested too deeply");
  std::string objects;
  for (int i = 0; i < 33; ++i) objects += "{\"a\":";
  EXPECT_EQ(fault_of(objects), "invalid JSON at byte 160: nested too deeply");
}

TEST(HostileJsonTest, MembersAreBounded) {
  const ReadLimits limits{.members_max = 2};
  EXPECT_EQ(fault_of("[1,2]", limits), "");
  EXPECT_EQ(fault_of("[1,2,3]", limits), "invalid JSON at byte 6: too many elements");
  EXPECT_EQ(fault_of(R"({"a":1,"b":2})", limits), "");
  EXPECT_EQ(fault_of(R"({"a":1,"b":2,"c":3})", limits), "invalid JSON at byte 18: too many members");
  EXPECT_EQ(fault_of("[[1,2,3]]", limits), "") << "only direct members are kept";
}

// simdjson's DOM parser as a second opinion. Known differences: it lets some lone surrogates pass and cannot hold every
// number.
bool simdjson_accepts(const std::string& document) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  return parser.parse(document).get(element) == simdjson::SUCCESS;
}

TEST(HostileJsonTest, AgreesWithSimdjsonOnMutatedDocuments) {
  const std::string seeds[] = {
      R"({"name":"order.created","channels":["a","b"],"data":"{\"n\":1}","x":[1.5,true,null]})",
      R"([{"a":{"b":[]}},"\u00e9\n",-0.5e3,false," ",{},[[]]])"};
  constexpr std::string_view kBytes = "{}[]\",:\\ntrue01-.e \x80\xC3";
  SeededRandom random(20240607);
  int accepted = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string document = seeds[random.below(2)];
    for (std::uint64_t changes = random.below(3) + 1; changes > 0; --changes) {
      const std::size_t place = random.below(document.size());
      const char byte = kBytes[random.below(kBytes.size())];
      switch (random.below(3)) {
        case 0:
          document[place] = byte;
          break;
        case 1:
          document.insert(place, 1, byte);
          break;
        default:
          document.erase(place, 1);
      }
    }
    const bool ours = fault_of(document).empty();
    accepted += ours ? 1 : 0;
    ASSERT_EQ(ours, simdjson_accepts(document)) << document << "\n" << fault_of(document);
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
}  // namespace fanfare::json
