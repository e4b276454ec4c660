#include "deflate/deflater.h"

#include <new>

#include <zlib.h>

#include "base/assert.h"

namespace fanfare::deflate {

namespace {

constexpr std::size_t kTailBytes = 4;  // 00 00 FF FF

}  // namespace

class Deflater::Stream {
 public:
  Stream(int level, int window_bits) {
    // A negative number of bits: no zlib header.
    const int made =
        deflateInit2(&stream_, level, Z_DEFLATED, -window_bits, memory_level_for(window_bits), Z_DEFAULT_STRATEGY);
    if (made == Z_MEM_ERROR) throw std::bad_alloc();
    FANFARE_ASSERT(made == Z_OK);
  }
  ~Stream() { deflateEnd(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // How many bytes of `output` it took; output.size(): all of them, and perhaps there was more to write.
  std::size_t run(ByteView input, ByteView history, MutableBytes output) {
    FANFARE_ASSERT(deflateReset(&stream_) == Z_OK);
    if (!history.empty()) {
      FANFARE_ASSERT(deflateSetDictionary(&stream_, history.data(), static_cast<uInt>(history.size())) == Z_OK);
    }
    stream_.next_in = input.data();
    stream_.avail_in = static_cast<uInt>(input.size());
    stream_.next_out = output.data();
    stream_.avail_out = static_cast<uInt>(output.size());
    FANFARE_ASSERT(::deflate(&stream_, Z_SYNC_FLUSH) == Z_OK);
    return output.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
};

Deflater::Deflater(int level) noexcept : level_(level) {}
Deflater::~Deflater() = default;

Deflater::Stream& Deflater::stream(int window_bits) {
  std::unique_ptr<Stream>& place = streams_[static_cast<std::size_t>(window_bits - kWindowBitsMin)];
  if (place == nullptr) place = std::make_unique<Stream>(level_, window_bits);
  return *place;
}

ByteView Deflater::deflate(ByteView bytes, int window_bits, ByteView history) {
  FANFARE_ASSERT(window_bits >= kWindowBitsMin && window_bits <= kWindowBitsMax);
  FANFARE_ASSERT(bytes.size() <= 0xFFFF'FFFFU - kTailBytes);
  if (bytes.empty()) return {};
  // Where the last byte of the room is used, the result would not be smaller.
  const std::size_t room = bytes.size() + kTailBytes;
  output_.start(room);
  const int bits = window_bits_for(history.size() + bytes.size(), window_bits);
  const std::size_t written = stream(bits).run(bytes, history, output_.room().first(room));
  if (written >= room) return {};
  FANFARE_DEBUG_ASSERT(written > kTailBytes);
  output_.commit(written - kTailBytes);
  return output_.bytes();
}

}  // namespace fanfare::deflate
