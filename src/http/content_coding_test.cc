#include "http/content_coding.h"

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

TEST(ContentCodingTest, GzipIsTakenByNameOrByStar) {
  for (const char* value : {"gzip", "GZIP", "x-gzip", "deflate, gzip, br", "gzip;q=0.5", "gzip; q=0.001", "gzip;q=1",
                            "*", "*;q=0.1", "br;q=1.0, gzip;q=0.8, *;q=0", "gzip;foo=0", "gzip, ,"}) {
    EXPECT_TRUE(accepts_gzip(value)) << value;
  }
}

TEST(ContentCodingTest, OrItIsNot) {
  for (const char* value : {"", " ", "identity", "deflate, br", "gzip;q=0", "gzip; Q=0.000", "gzip;q=0, *", "*;q=0",
                            "gzipped", "identity;q=1, *;q=0", "gzip ; q = 0"}) {
    EXPECT_FALSE(accepts_gzip(value)) << value;
  }
}

}  // namespace
}  // namespace fanfare::http
