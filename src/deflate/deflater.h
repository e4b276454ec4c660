// Deflater: whole messages as raw DEFLATE, each flushed to a byte boundary, as RFC 7692 section 7.2.1 wants them.
//
// A message refers to itself and to a History that the caller keeps, so that one Deflater serves any number of
// connections and none of them holds a compressor.
//
// Thread: one.
// Memory: a compressor for each window that was asked for, of 2^(bits + 3) bytes, made on first use: 512 KiB if all
// are.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

#include "base/bytes.h"
#include "deflate/output_buffer.h"
#include "deflate/window.h"

namespace fanfare::deflate {

class Deflater {
 public:
  // `level`: 1 (fast) to 9 (small).
  explicit Deflater(int level) noexcept;
  ~Deflater();
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  // `bytes` deflated, without the empty block's 00 00 FF FF behind it; valid until the next call. Empty: that would not
  // be smaller. No match lies further back than the window of `window_bits` (kWindowBitsMin to kWindowBitsMax).
  ByteView deflate(ByteView bytes, int window_bits, ByteView history = {});

 private:
  class Stream;

  Stream& stream(int window_bits);

  int level_;
  std::array<std::unique_ptr<Stream>, kWindowBitsMax - kWindowBitsMin + 1> streams_;
  OutputBuffer output_;
};

}  // namespace fanfare::deflate
