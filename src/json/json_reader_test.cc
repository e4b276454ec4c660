#include "json/json_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::json {
namespace {

TEST(JsonReaderTest, GivesEachMemberItsTokenAndItsText) {
  Reader reader;
  const std::string body =
      R"( {"name" : "order.created", "data":"{\"n\":1}" ,"n": -12 ,"on":true,"off":false,"x":null} )";
  ASSERT_TRUE(reader.parse(body).ok());
  EXPECT_EQ(reader.root().kind, Kind::kObject);
  ASSERT_EQ(reader.fields().size(), 6U);
  EXPECT_EQ(reader.fields()[0].key, "name");
  EXPECT_EQ(reader.find("name")->raw, R"("order.created")");
  EXPECT_EQ(reader.find("name")->text, "order.created");
  EXPECT_EQ(reader.find("data")->raw, R"("{\"n\":1}")");
  EXPECT_EQ(reader.find("data")->text, R"({"n":1})");
  EXPECT_EQ(reader.find("n")->raw, "-12");
  EXPECT_EQ(reader.find("n")->integer(), -12);
  EXPECT_EQ(reader.find("on")->boolean(), true);
  EXPECT_EQ(reader.find("off")->boolean(), false);
  EXPECT_TRUE(reader.find("x")->is_null());
  EXPECT_EQ(reader.find("absent"), nullptr);
}

TEST(JsonReaderTest, TheRootIsTrimmedAndContainersAreWhole) {
  Reader reader;
  ASSERT_TRUE(reader.parse("\t{ \"a\" : { \"b\" : [ 1 , 2 ] } }\r\n").ok());
  EXPECT_EQ(reader.root().raw, "{ \"a\" : { \"b\" : [ 1 , 2 ] } }");
  EXPECT_EQ(reader.find("a")->raw, R"({ "b" : [ 1 , 2 ] })");
  EXPECT_EQ(compact(reader.find("a")->raw), R"({"b":[1,2]})");
}

TEST(JsonReaderTest, ReadsArrays) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"(["a", 2, [3], "\u0062"])").ok());
  ASSERT_EQ(reader.elements().size(), 4U);
  EXPECT_EQ(reader.elements()[0].text, "a");
  EXPECT_EQ(reader.elements()[1].integer(), 2);
  EXPECT_EQ(reader.elements()[2].raw, "[3]");
  EXPECT_EQ(reader.elements()[3].text, "b");
  ASSERT_TRUE(reader.parse("[]").ok());
  EXPECT_TRUE(reader.elements().empty());
  ASSERT_TRUE(reader.parse("{}").ok());
  EXPECT_TRUE(reader.fields().empty());
}

TEST(JsonReaderTest, AScalarMayBeTheRoot) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"("a\nb")").ok());
  EXPECT_EQ(reader.root().text, "a\nb");
  for (const char* word : {"null", " null ", "true\n", "\tfalse", " \"a\" ", " -1 "}) {
    EXPECT_TRUE(reader.parse(word).ok()) << word;
  }
  ASSERT_TRUE(reader.parse("0").ok());
  EXPECT_EQ(reader.root().integer(), 0);
  EXPECT_EQ(reader.parse_object("0").error().message, "expected a JSON object, found a number");
  EXPECT_EQ(reader.parse_object("[]").error().message, "expected a JSON object, found an array");
}

TEST(JsonReaderTest, DecodesEveryEscape) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"({"k\u0065y":"\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00\u0000|"})").ok());
  EXPECT_EQ(reader.fields()[0].key, "key");
  EXPECT_EQ(reader.find("key")->text, std::string("\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\0|", 19));
}

TEST(JsonReaderTest, ViewsOfManyDecodedStringsStay) {
  std::string body = "{";
  for (int i = 0; i < 500; ++i) body += "\"k\\n" + std::to_string(i) + "\":\"v\\t" + std::to_string(i) + "\",";
  body.back() = '}';
  Reader reader;
  ASSERT_TRUE(reader.parse(body).ok());
  for (int i = 0; i < 500; ++i) {
    const Value* value = reader.find("k\n" + std::to_string(i));
    ASSERT_NE(value, nullptr);
    EXPECT_EQ(value->text, "v\t" + std::to_string(i));
  }
}

TEST(JsonReaderTest, TheLastOfARepeatedKeyCounts) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"({"a":1,"b":2,"\u0061":3})").ok());
  EXPECT_EQ(reader.find("a")->integer(), 3);
  EXPECT_EQ(reader.fields().size(), 3U);
}

TEST(JsonReaderTest, NumbersKeepTheirTokens) {
  Reader reader;
  for (const char* number :
       {"0", "-0", "1.50", "1e300", "-1E+2", "123456789012345678901234567890", "0.0e-0", "1e-400"}) {
    ASSERT_TRUE(reader.parse(number).ok()) << number;
    EXPECT_EQ(reader.root().raw, number);
    ASSERT_TRUE(reader.parse("[" + std::string(number) + " ]").ok()) << number;
    EXPECT_EQ(reader.elements()[0].raw, number);
  }
}

TEST(JsonReaderTest, RefusesNumbersBeyondTheRangeOfADouble) {
  Reader reader;
  for (const char* number : {"1e400", "-1e309", "[1e400]", "{\"a\":[1e400]}", "1e00000000000000000001"}) {
    EXPECT_FALSE(reader.parse(number).ok()) << number;
  }
  EXPECT_FALSE(reader.parse(std::string(400, '9')).ok());
}

TEST(JsonReaderTest, ViewsOutliveTheDocument) {
  Reader reader;
  std::string body = R"({"name":"order","data":"a\nb","list":[1]})";
  ASSERT_TRUE(reader.parse(body).ok());
  body.assign(body.size(), '#');
  EXPECT_EQ(reader.root().raw, R"({"name":"order","data":"a\nb","list":[1]})");
  EXPECT_EQ(reader.find("name")->text, "order");
  EXPECT_EQ(reader.find("data")->text, "a\nb");
  EXPECT_EQ(reader.find("list")->raw, "[1]");
}

TEST(JsonReaderTest, MayReadAViewOfItself) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"({"a":"{\"b\":{\"c\":1}}"})").ok());
  ASSERT_TRUE(reader.parse(reader.find("a")->text).ok());
  ASSERT_TRUE(reader.parse(reader.find("b")->raw).ok());
  EXPECT_EQ(reader.find("c")->integer(), 1);
  ASSERT_TRUE(reader.parse("[" + std::string(1'000'000, ' ') + "[7]]").ok());
  ASSERT_TRUE(reader.parse(reader.elements()[0].raw).ok());
  EXPECT_EQ(reader.elements()[0].integer(), 7);
}

TEST(JsonReaderTest, IntegersEndAt64Bits) {
  Reader reader;
  ASSERT_TRUE(reader.parse("[9223372036854775807, 9223372036854775808, -9223372036854775808, 1.0, 1e3, \"1\"]").ok());
  EXPECT_EQ(reader.elements()[0].integer(), INT64_MAX);
  EXPECT_EQ(reader.elements()[1].integer(), std::nullopt);
  EXPECT_EQ(reader.elements()[2].integer(), INT64_MIN);
  EXPECT_EQ(reader.elements()[3].integer(), std::nullopt);
  EXPECT_EQ(reader.elements()[4].integer(), std::nullopt);
  EXPECT_EQ(reader.elements()[5].integer(), std::nullopt);
  EXPECT_EQ(reader.elements()[5].boolean(), std::nullopt);
}

TEST(JsonReaderTest, CompactingKeepsStringsAndNumbersAsWritten) {
  EXPECT_EQ(compact("{ \"a b\" : \" \\\" \\\\\" ,\n\t\"n\" : 1.50 , \"e\" : [ ] , \"a b\" : null }"),
            "{\"a b\":\" \\\" \\\\\",\"n\":1.50,\"e\":[],\"a b\":null}");
  EXPECT_EQ(compact("\"\""), "\"\"");
  EXPECT_EQ(compact("12"), "12");
}

TEST(JsonReaderTest, KeepsAsManyLevelsAsAreAskedFor) {
  constexpr std::string_view kBody =
      R"({"first":[1,{"a":[2]}],"batch":[{"name":"x","to":["p","q"]},7,{},{"name":"\n"}],"last":{"deep":{"n":1}}})";
  Reader reader;
  ASSERT_TRUE(reader.parse(kBody, {.kept_depth = 3}).ok());
  ASSERT_EQ(reader.fields().size(), 3U);
  const Value& batch = *reader.find("batch");
  const std::span<const Value> events = reader.elements(batch);
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(reader.find(events[0], "name")->text, "x");
  EXPECT_EQ(reader.find(events[0], "to")->raw, R"(["p","q"])");
  EXPECT_TRUE(reader.elements(*reader.find(events[0], "to")).empty()) << "a level too deep";
  EXPECT_EQ(events[1].integer(), 7);
  EXPECT_EQ(reader.find(events[1], "name"), nullptr);
  EXPECT_TRUE(reader.fields(events[2]).empty());
  EXPECT_EQ(reader.find(events[3], "name")->text, "\n");
  EXPECT_TRUE(reader.fields(batch).empty()) << "no object";
  EXPECT_TRUE(reader.elements(events[0]).empty()) << "no array";
  EXPECT_EQ(reader.elements(*reader.find("first"))[0].integer(), 1);
  EXPECT_EQ(reader.fields(reader.elements(*reader.find("first"))[1])[0].key, "a");
  const Value* deep = reader.find(*reader.find("last"), "deep");
  ASSERT_NE(deep, nullptr);
  EXPECT_EQ(reader.find(*deep, "n")->integer(), 1);

  ASSERT_TRUE(reader.parse(kBody).ok());
  EXPECT_EQ(reader.fields().size(), 3U);
  EXPECT_TRUE(reader.elements(*reader.find("batch")).empty()) << "the root's own members, when nothing is asked for";
}

TEST(JsonReaderTest, WhiteSpaceAroundTokensIsNoPartOfThem) {
  Reader reader;
  ASSERT_TRUE(reader.parse("{ \"a\" :\t\"x \" \r\n, \"b\" : 12 , \"c\" : [ 1 , \"y\" ] \n}\n", {.kept_depth = 2}).ok());
  EXPECT_EQ(reader.find("a")->raw, "\"x \"");
  EXPECT_EQ(reader.find("b")->raw, "12");
  EXPECT_EQ(reader.find("c")->raw, "[ 1 , \"y\" ]");
  EXPECT_EQ(reader.elements(*reader.find("c"))[1].raw, "\"y\"");
}

TEST(JsonReaderTest, AReaderForgetsTheDocumentBefore) {
  Reader reader;
  ASSERT_TRUE(reader.parse(R"({"a":"\n"})").ok());
  EXPECT_FALSE(reader.parse(R"({"b":1)").ok());
  EXPECT_TRUE(reader.fields().empty());
  EXPECT_EQ(reader.find("a"), nullptr);
  ASSERT_TRUE(reader.parse(R"(["\t"])").ok());
  EXPECT_TRUE(reader.fields().empty());
  EXPECT_EQ(reader.elements()[0].text, "\t");
  EXPECT_FALSE(reader.parse(R"({"a":[1,{"b":2},)", {.kept_depth = 3}).ok());
  ASSERT_TRUE(reader.parse(R"({"a":[3]})", {.kept_depth = 3}).ok());
  EXPECT_EQ(reader.fields().size(), 1U);
  ASSERT_EQ(reader.elements(*reader.find("a")).size(), 1U) << "nothing of a document that failed half-way";
  EXPECT_EQ(reader.elements(*reader.find("a"))[0].integer(), 3);
}

TEST(JsonReaderTest, LargeBuffersAreGivenBackByLaterDocuments) {
  Reader reader;
  const std::string large = "[\"\\n" + std::string(1'000'000, 'x') + "\"]";
  ASSERT_TRUE(reader.parse(large).ok());
  EXPECT_EQ(reader.elements()[0].text.size(), 1'000'001U);
  ASSERT_TRUE(reader.parse("[\"\\n\"]").ok());
  EXPECT_EQ(reader.elements()[0].text, "\n");
}

TEST(JsonReaderTest, ADocumentInPlaceIsNeitherCopiedNorItsNeighbourChanged) {
  std::string memory = R"({"name":"a","list":[1,2]})";
  const std::size_t size = memory.size();
  memory += R"("]}0 POST /apps/1/events HTTP/1.1, the next request in the same memory, and on it goes)";
  const std::string before = memory;
  const MutableBytes document(reinterpret_cast<std::uint8_t*>(memory.data()), size);
  Reader reader;
  ASSERT_TRUE(reader.parse_object(Input(document, memory.size() - size)).ok());
  EXPECT_EQ(memory, before);
  EXPECT_EQ(reader.root().raw.data(), memory.data());
  EXPECT_EQ(reader.find("name")->text, "a");
  EXPECT_EQ(reader.find("list")->raw, "[1,2]");

  ASSERT_TRUE(reader.parse_object(Input(document, kSpareBytes - 1)).ok());
  EXPECT_NE(reader.root().raw.data(), memory.data()) << "too little lies behind it";
  EXPECT_EQ(reader.root().raw, std::string_view(memory).substr(0, size));
}

TEST(JsonReaderTest, WhatLiesBehindADocumentInPlaceIsNotOfIt) {
  for (const std::string_view cut : {R"({"a":1)", R"({"a":"b)", "[1,2", "tru", "nul", "-", "[", R"("a)", ""}) {
    std::string memory(cut);
    memory += R"(}"]e}l)" + std::string(kSpareBytes, ']');
    Reader reader;
    const MutableBytes document(reinterpret_cast<std::uint8_t*>(memory.data()), cut.size());
    EXPECT_FALSE(reader.parse(Input(document, memory.size() - cut.size())).ok()) << cut;
  }
  std::string digits = "12345" + std::string(kSpareBytes, '6');
  Reader reader;
  ASSERT_TRUE(reader.parse(Input(MutableBytes(reinterpret_cast<std::uint8_t*>(digits.data()), 5), kSpareBytes)).ok());
  EXPECT_EQ(reader.root().integer(), 12345);
}

}  // namespace
}  // namespace fanfare::json
