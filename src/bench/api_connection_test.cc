#include "bench/api_connection.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

TEST(ApiAnswerTest, ReadsStatusAndLength) {
  const std::string answer = "HTTP/1.1 200 OK\r\nDate: now\r\ncontent-length:  2 \r\n\r\n{}";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_EQ(read_answer(std::string_view(answer).substr(0, size)).bytes, 0U);
  }
  const ApiAnswer whole = read_answer(answer + "HTTP/1.1 ");
  EXPECT_EQ(whole.bytes, answer.size());
  EXPECT_EQ(whole.status, 200);
  EXPECT_FALSE(whole.closes);
}

TEST(ApiAnswerTest, SeesThatTheServerCloses) {
  EXPECT_TRUE(read_answer("HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n").closes);
}

TEST(ApiAnswerTest, ReadsARefusal) {
  EXPECT_EQ(read_answer("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").status, 413);
  EXPECT_EQ(read_answer("HTTP/1.1 204 No Content\r\n\r\n").status, 204);
}

TEST(ApiAnswerTest, WithoutALengthItIsUnreadable) {
  for (const char* const text : {"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n"}) {
    const ApiAnswer answer = read_answer(text);
    EXPECT_GT(answer.bytes, 0U) << text;
    EXPECT_EQ(answer.status, 0) << text;
  }
}

TEST(ApiAnswerTest, ReadsChunks) {
  const std::string answer =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n";
  for (std::size_t size = 0; size < answer.size(); ++size) {
    EXPECT_EQ(read_answer(std::string_view(answer).substr(0, size)).bytes, 0U) << size;
  }
  const ApiAnswer whole = read_answer(answer + "HTTP/1.1 ");
  EXPECT_EQ(whole.bytes, answer.size());
  EXPECT_EQ(whole.status, 200);
  EXPECT_TRUE(whole.closes);
}

}  // namespace
}  // namespace fanfare::bench
