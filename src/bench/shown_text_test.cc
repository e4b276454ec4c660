#include "bench/shown_text.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

TEST(ShownTextTest, IsOneLine) {
  EXPECT_EQ(shown_text("over\r\n  capacity\t\x7F\n"), "over capacity");
  EXPECT_EQ(shown_text("\n"), "");
  EXPECT_EQ(shown_text(""), "");
}

TEST(ShownTextTest, SteersNoTerminal) {
  EXPECT_EQ(shown_text("\x1B[31mred"), "[31mred");
  EXPECT_EQ(shown_text("\xC2\x9B"
                       "31mred"),
            "??31mred");
}

TEST(ShownTextTest, StaysUtf8) {
  EXPECT_EQ(shown_text("größer"), "größer");
  EXPECT_EQ(shown_text("gr\xFF\xC3"), "gr??");
  std::string longer(199, 'a');
  EXPECT_EQ(shown_text(longer + "é"), longer);
  EXPECT_EQ(shown_text(longer + "ab").size(), 200U);
}

TEST(ShownAnswerTest, HasStatusAndBody) {
  EXPECT_EQ(shown_answer("HTTP/1.1 401 Unauthorized\r\nDate: now\r\n\r\nInvalid\nsignature\n"),
            "HTTP/1.1 401 Unauthorized: Invalid signature");
  EXPECT_EQ(shown_answer("HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n"), "HTTP/1.1 503 Unavailable");
  EXPECT_EQ(shown_answer("no HTTP"), "no HTTP");
}

}  // namespace
}  // namespace fanfare::bench
