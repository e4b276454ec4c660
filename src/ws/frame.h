// Frame: exactly one whole server frame, encoded once, immutable, shared by everyone who is sent it.
//
// Thread: any; a copy takes an atomic reference on the chunk. Queues of one loop share one (see LocalSlice).
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/shared_bytes.h"
#include "ws/close_code.h"
#include "ws/frame_encoder.h"

namespace fanfare::ws {

class Frame {
 public:
  Frame() = default;  // no frame; only `operator bool` may be asked
  // `slice` is exactly one whole unmasked frame.
  explicit Frame(BytesSlice slice) noexcept : slice_(std::move(slice)) {}

  explicit operator bool() const noexcept { return static_cast<bool>(slice_.chunk); }
  // What goes on the wire.
  const BytesSlice& slice() const noexcept { return slice_; }
  ByteView bytes() const noexcept { return slice_.view(); }
  std::size_t size() const noexcept { return slice_.size(); }
  // The payload: bytes() without the header.
  std::string_view payload() const noexcept;

 private:
  BytesSlice slice_;
};

// The first of the whole unmasked text frames that `frames` are.
struct FrameText {
  std::string_view payload;
  std::size_t bytes = 0;  // of the frame
};
FrameText first_text_frame(ByteView frames) noexcept;

// A text frame in a chunk of its own.
Frame encode_text_frame(std::string_view payload);
// The same for any kind of frame.
Frame encode_frame(FrameKind kind, ByteView payload);

// A text frame carved from `chunk`, behind what is there: frames appended one after the other are adjacent, so that
// queues send them as one slice.
// REQUIRES: chunk.room() >= server_frame_bytes(payload.size()), and the caller is the one that fills the chunk.
Frame append_text_frame(SharedBytes& chunk, std::string_view payload) noexcept;

// A close frame. The reason is cut to 123 bytes at a character boundary; see close_payload().
Frame close_frame(CloseCode code, std::string_view reason);
// Payloads of at most 125 bytes (checked).
Frame ping_frame(ByteView payload = {});
Frame pong_frame(ByteView payload = {});

}  // namespace fanfare::ws
