#include "sockjs/lines.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

std::string chunk_of(const Lines& lines) { return std::string(as_text(lines.chunk.view())); }

TEST(LinesTest, EachFrameIsALine) {
  LinesBuilder builder;
  builder.open();
  builder.message(R"({"event":"e","data":"{\"n\":1}"})");
  builder.heartbeat();
  builder.close(4001, "App key \"k\" not in this cluster");
  const Lines lines = builder.take();
  EXPECT_EQ(lines.text(),
            "o\n"
            R"(a["{\"event\":\"e\",\"data\":\"{\\\"n\\\":1}\"}"])"
            "\nh\n"
            R"(c[4001,"App key \"k\" not in this cluster"])"
            "\n");
  EXPECT_EQ(lines.count, 4U);
  EXPECT_EQ(as_text(lines.bare().view()), lines.text());
}

TEST(LinesTest, AChunkIsAroundThem) {
  LinesBuilder builder;
  builder.open();
  EXPECT_EQ(chunk_of(builder.take()), "2\r\no\n\r\n");
  builder.message(std::string(300, 'x'));
  EXPECT_EQ(chunk_of(builder.take()), "132\r\na[\"" + std::string(300, 'x') + "\"]\n\r\n");
}

TEST(LinesTest, ABuilderIsEmptyBehindTake) {
  LinesBuilder builder;
  builder.message(std::string(100'000, 'x'));
  EXPECT_EQ(builder.take().count, 1U);
  builder.heartbeat();
  const Lines lines = builder.take();
  EXPECT_EQ(lines.text(), "h\n");
  EXPECT_EQ(lines.count, 1U);
}

TEST(LinesTest, NoMessageHasALineFeedOfItsOwn) {
  LinesBuilder builder;
  builder.message("a\nb\rc");
  EXPECT_EQ(builder.take().text(), "a[\"a\\nb\\rc\"]\n");
}

TEST(LinesTest, ThePreludeIsAHeartbeatOf2048Characters) {
  EXPECT_EQ(prelude().text(), std::string(2048, 'h') + "\n");
  EXPECT_EQ(prelude().utf16_units, 2049U);
  EXPECT_EQ(chunk_of(prelude()), "801\r\n" + std::string(2048, 'h') + "\n\r\n");
}

TEST(LinesTest, CharactersAreCountedAsABrowserDoes) {
  EXPECT_EQ(utf16_units_of(""), 0U);
  EXPECT_EQ(utf16_units_of("abc"), 3U);
  EXPECT_EQ(utf16_units_of("äöü"), 3U);
  EXPECT_EQ(utf16_units_of("€"), 1U);
  EXPECT_EQ(utf16_units_of("😀"), 2U);
  LinesBuilder builder;
  builder.message("😀ä");
  EXPECT_EQ(builder.take().utf16_units, 3U + 4 + 2);
}

}  // namespace
}  // namespace fanfare::sockjs
