#include "deflate/gzip.h"

#include <string>

#include <gtest/gtest.h>
#include <zlib.h>

namespace fanfare::deflate {
namespace {

std::string gunzip(const std::string& file, std::size_t bytes_max) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string text(bytes_max, '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(file.data());
  stream.avail_in = static_cast<uInt>(file.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);  // header, checksum and length included
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(GzipTest, IsReadByZlib) {
  for (const std::size_t size : {0UL, 1UL, 500UL, 20'000UL, 300'000UL}) {
    std::string text;
    while (text.size() < size)
      text += "fanfare_core_delivered_frames_total{kind=\"event\"} " + std::to_string(text.size()) + "\n";
    text.resize(size);
    const std::string file = gzip(text, 6);
    EXPECT_EQ(gunzip(file, size + 1), text);
    if (size > 100) {
      EXPECT_LT(file.size(), size / 2);
    }
  }
}

}  // namespace
}  // namespace fanfare::deflate
