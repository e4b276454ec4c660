#include "cli/terminal_text.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

TEST(TerminalTextTest, LeavesTextAsItIs) {
  EXPECT_EQ(printable("a Ünïcode ☃ 😀 \"quoted\" \\"), "a Ünïcode ☃ 😀 \"quoted\" \\");
}

TEST(TerminalTextTest, SpellsOutWhatSteersATerminal) {
  EXPECT_EQ(printable("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(printable("\x1b[31mred\x7f"), "\\u001b[31mred\\u007f");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "\\u009b31m");  // the C1 form of ESC [
  EXPECT_EQ(printable("\xC2\xA0"), "\xC2\xA0");
}

TEST(TerminalTextTest, SpellsOutWhatIsNoUtf8) {
  EXPECT_EQ(printable("a\xFF"
                      "b"),
            "a\\xffb");
  EXPECT_EQ(printable("\xE2\x98"), "\\xe2\\x98");
  EXPECT_EQ(printable("\xED\xA0\x80"), "\\xed\\xa0\\x80");
}

TEST(TerminalTextTest, KeepsLineBreaksWhereAsked) {
  EXPECT_EQ(printable("a\nb\x1b", LineBreaks::kKeep), "a\nb\\u001b");
}

TEST(TerminalTextTest, CountsCodePoints) { EXPECT_EQ(columns_of("Ünï☃"), 4U); }

}  // namespace
}  // namespace fanfare::cli
