#include "deflate/gzip.h"

#include <new>

#include <zlib.h>

#include "base/assert.h"
#include "deflate/window.h"

namespace fanfare::deflate {

namespace {

constexpr int kGzipWrapper = 16;  // added to the window's bits

}  // namespace

std::string gzip(std::string_view text, int level) {
  FANFARE_ASSERT(text.size() <= 0xFFFF'FFFFU);
  z_stream stream{};
  const int bits = window_bits_for(text.size(), kWindowBitsMax);
  const int made =
      deflateInit2(&stream, level, Z_DEFLATED, kGzipWrapper + bits, memory_level_for(bits), Z_DEFAULT_STRATEGY);
  if (made == Z_MEM_ERROR) throw std::bad_alloc();
  FANFARE_ASSERT(made == Z_OK);
  std::string result(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<const Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(result.data());
  stream.avail_out = static_cast<uInt>(result.size());
  FANFARE_ASSERT(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  result.resize(stream.total_out);
  deflateEnd(&stream);
  return result;
}

}  // namespace fanfare::deflate
