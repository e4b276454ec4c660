#include "deflate/history.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::deflate {
namespace {

std::string text_of(const History& history) { return std::string(as_text(history.view())); }

TEST(HistoryTest, KeepsTheLastWindow) {
  History history(9);
  history.append(as_bytes(std::string(500, 'a')));
  EXPECT_EQ(text_of(history), std::string(500, 'a'));
  history.append(as_bytes(std::string(12, 'b')));
  EXPECT_EQ(text_of(history), std::string(500, 'a') + std::string(12, 'b'));
  history.append(as_bytes("c"));
  EXPECT_EQ(text_of(history), std::string(499, 'a') + std::string(12, 'b') + "c");
}

TEST(HistoryTest, OfALongMessageTheEnd) {
  History history(9);
  history.append(as_bytes("before"));
  history.append(as_bytes(std::string(600, 'x') + std::string(511, 'y')));
  EXPECT_EQ(text_of(history), "x" + std::string(511, 'y'));
}

TEST(HistoryTest, ForgetsOnDemand) {
  History history(15);
  history.append(as_bytes("something"));
  history.forget();
  EXPECT_TRUE(history.view().empty());
  history.append(as_bytes("more"));
  EXPECT_EQ(text_of(history), "more");
}

}  // namespace
}  // namespace fanfare::deflate
