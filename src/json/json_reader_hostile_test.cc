// What must be refused, and with which words; and that simdjson's other parser, which checks everything, judges alike.
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

std::string at(std::size_t byte, const std::string& why) {
  return "invalid JSON at byte " + std::to_string(byte) + ": " + why;
}
std::string at(std::size_t byte, simdjson::error_code why) { return at(byte, simdjson::error_message(why)); }
std::string nowhere(simdjson::error_code why) { return std::string("invalid JSON: ") + simdjson::error_message(why); }

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(HostileJsonTest, FaultsSayWhatAndWhere) {
  const std::pair<std::string, std::string> cases[] = {
      {"", at(0, simdjson::EMPTY)},
      {"  ", at(2, simdjson::EMPTY)},
      {"{\"a\" 1}", at(5, simdjson::TAPE_ERROR)},
      {"{\"a\":1 \"b\":2}", at(7, simdjson::TAPE_ERROR)},
      {"{\"a\":1,}", at(7, simdjson::TAPE_ERROR)},
      {"{a:1}", at(1, simdjson::TAPE_ERROR)},
      {"{\"a\":}", at(5, simdjson::TAPE_ERROR)},
      {"{\"a\":1", at(6, simdjson::INCOMPLETE_ARRAY_OR_OBJECT)},
      {"[1,]", at(3, simdjson::TAPE_ERROR)},
      {"[1 2]", at(3, simdjson::TAPE_ERROR)},
      {"[1}", at(3, simdjson::INCOMPLETE_ARRAY_OR_OBJECT)},
      {"[[1]", at(4, simdjson::TAPE_ERROR)},
      {"{\"a\":{}", at(7, simdjson::TAPE_ERROR)},
      {"{} x", at(4, simdjson::INCOMPLETE_ARRAY_OR_OBJECT)},
      {"{}{}", at(2, simdjson::TRAILING_CONTENT)},
      {"1 2", at(0, simdjson::TRAILING_CONTENT)},
      {"null x", at(0, simdjson::N_ATOM_ERROR)},
      {"\"a\" x", at(3, simdjson::TRAILING_CONTENT)},
      {"\"a\\n\"x", at(5, simdjson::TRAILING_CONTENT)},
      {"tru", at(0, simdjson::T_ATOM_ERROR)},
      {"truex", at(0, simdjson::T_ATOM_ERROR)},
      {"nullx", at(0, simdjson::N_ATOM_ERROR)},
      {"[nul]", at(1, simdjson::N_ATOM_ERROR)},
      {"[falsey]", at(1, simdjson::F_ATOM_ERROR)},
      {"True", at(0, simdjson::TAPE_ERROR)},
      {"NaN", at(0, simdjson::TAPE_ERROR)},
      {"'a'", at(0, simdjson::TAPE_ERROR)},
      {"\"abc", at(4, simdjson::UNCLOSED_STRING)},
      {"\"abc\\", at(5, simdjson::UNCLOSED_STRING)},
      {"\"a\nb\"", nowhere(simdjson::UNESCAPED_CHARS)},
      {"\"a\0b\""s, nowhere(simdjson::UNESCAPED_CHARS)},
      {"{}\0"s, at(3, simdjson::INCOMPLETE_ARRAY_OR_OBJECT)},
      {"[1\0]"s, at(1, simdjson::NUMBER_ERROR)},
      {"1\0"s, at(0, simdjson::NUMBER_ERROR)},
      {"[true\0]"s, at(1, simdjson::T_ATOM_ERROR)},
      {"[null\0]"s, at(1, simdjson::N_ATOM_ERROR)},
      {"\"\\x41\"", at(0, simdjson::STRING_ERROR)},
      {"\"\\u12g4\"", at(0, simdjson::STRING_ERROR)},
      {"[[\"\\x41\"]]", at(2, simdjson::STRING_ERROR)},
      {"\"\\u12", at(5, simdjson::UNCLOSED_STRING)},
      {"01", at(0, simdjson::NUMBER_ERROR)},
      {"-", at(0, simdjson::NUMBER_ERROR)},
      {"-a", at(0, simdjson::NUMBER_ERROR)},
      {"1.", at(0, simdjson::NUMBER_ERROR)},
      {"1.e1", at(0, simdjson::NUMBER_ERROR)},
      {"1e", at(0, simdjson::NUMBER_ERROR)},
      {"1e+", at(0, simdjson::NUMBER_ERROR)},
      {".5", at(0, simdjson::TAPE_ERROR)},
      {"+1", at(0, simdjson::TAPE_ERROR)},
      {"\xEF\xBB\xBF{}", at(0, simdjson::TAPE_ERROR)},
  };
  for (const auto& [document, fault] : cases) EXPECT_EQ(fault_of(document), fault) << document;
}

TEST(HostileJsonTest, RefusesLoneSurrogatesAtEveryDepth) {
  for (const std::string text : {R"(\ud800)", R"(\udbffx)", R"(\ud800\n)", R"(\ud800\ud800)", R"(\ud800\u0041)",
                                 R"(\ud800\u)", R"(\udc00)", R"(\uDFFF\ud800)", R"(\ud83d\ude00\ude00)"}) {
    EXPECT_EQ(fault_of("\"" + text + "\""), at(0, simdjson::STRING_ERROR)) << text;
    EXPECT_EQ(fault_of("{\"" + text + "\":1}"), at(1, simdjson::STRING_ERROR)) << text;
    EXPECT_EQ(fault_of("{\"a\":\"" + text + "\"}"), at(5, simdjson::STRING_ERROR)) << text;
    EXPECT_EQ(fault_of("[[[\"" + text + "\"]]]"), at(3, simdjson::STRING_ERROR)) << text;
    EXPECT_EQ(fault_of("[[{\"" + text + "\":1}]]"), at(3, simdjson::STRING_ERROR)) << text;
  }
  EXPECT_EQ(fault_of(R"("\ud83d\ude00")"), "");
}

TEST(HostileJsonTest, RefusesInvalidUtf8AtItsPlace) {
  for (const std::string& bad :
       {"\xFF"s, "\xC0\x80"s, "\xE2\x82"s, "\xED\xA0\x80"s, "\xF4\x90\x80\x80"s, "\x80"s, "\xC3"s}) {
    for (const std::size_t before : {0U, 1U, 63U, 64U, 4095U, 4096U, 4097U, 10'000U}) {
      const std::string document = "\"" + std::string(before, 'x') + bad + "yyyyyyyy\"";
      EXPECT_EQ(fault_of(document), at(before + 1, simdjson::UTF8_ERROR));
    }
  }
  std::string long_text = "\"";
  for (int i = 0; i < 5000; ++i) long_text += "\xE2\x82\xAC";
  EXPECT_EQ(fault_of(long_text + "\""), "");
  EXPECT_EQ(fault_of(long_text + "\xFF\""), at(15001, simdjson::UTF8_ERROR));
}

TEST(HostileJsonTest, DepthIsBounded) {
  EXPECT_EQ(fault_of(nested(31)), "");
  EXPECT_EQ(fault_of(nested(32)), "");
  EXPECT_EQ(fault_of(nested(33)), at(32, simdjson::DEPTH_ERROR));
  EXPECT_EQ(fault_of(nested(1'000'000)), at(32, simdjson::DEPTH_ERROR));
  EXPECT_EQ(fault_of(std::string(1'000'000, '[')), at(1'000'000, simdjson::INCOMPLETE_ARRAY_OR_OBJECT));
  EXPECT_EQ(fault_of(std::string(1'000'000, '[') + "]"), at(32, simdjson::DEPTH_ERROR));
  EXPECT_EQ(fault_of(nested(3), {.depth_max = 2}), at(2, simdjson::DEPTH_ERROR));
  std::string objects;
  for (int i = 0; i < 33; ++i) objects += "{\"a\":";
  EXPECT_EQ(fault_of(objects), at(objects.size(), simdjson::INCOMPLETE_ARRAY_OR_OBJECT));
  EXPECT_EQ(fault_of(objects + "1" + std::string(33, '}')), at(160, simdjson::DEPTH_ERROR));
}

TEST(HostileJsonTest, MembersAreBounded) {
  const ReadLimits limits{.members_max = 2};
  EXPECT_EQ(fault_of("[1,2]", limits), "");
  EXPECT_EQ(fault_of("[1,2,3]", limits), at(5, "too many elements"));
  EXPECT_EQ(fault_of(R"({"a":1,"b":2})", limits), "");
  EXPECT_EQ(fault_of(R"({"a":1,"b":2,"c":3})", limits), at(13, "too many members"));
  EXPECT_EQ(fault_of("[[1,2,3]]", limits), "") << "only direct members are kept";
  const ReadLimits two_levels{.kept_depth = 2, .members_max = 3};
  EXPECT_EQ(fault_of("[[1,2]]", two_levels), "");
  EXPECT_EQ(fault_of("[[1],[2]]", two_levels), at(5, "too many elements")) << "all levels count together";
  EXPECT_EQ(fault_of(R"([{"a":1,"b":2,"c":3}])", two_levels), at(1, "too many elements"));
}

// simdjson's DOM parser as a second opinion. Known differences: it cannot hold integers beyond 64 bits.
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
