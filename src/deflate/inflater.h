// Inflater: deflated WebSocket messages back to what they were (RFC 7692 section 7.2.2), bounded while it inflates.
//
// Thread: one. One serves any number of connections: what a message may refer to is in the connection's History.
// Memory: 40 KiB for zlib from the first use on, and the largest result up to 64 KiB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/bytes.h"
#include "deflate/history.h"
#include "deflate/output_buffer.h"

namespace fanfare::deflate {

enum class InflateOutcome : std::uint8_t {
  kWhole,
  kTooLarge,  // more than bytes_max; inflating stopped there
  kInvalid,   // not DEFLATE, or cut
};

struct Inflated {
  InflateOutcome outcome = InflateOutcome::kInvalid;
  // With kWhole: the message, until the next call. It may be changed; `spare` bytes (kSpareBytes at least) behind it
  // may be read.
  MutableBytes bytes{};
  std::size_t spare = 0;
};

class Inflater {
 public:
  Inflater() noexcept;
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // `deflated`: the payload of a whole message, without the 00 00 FF FF that its sender has cut off.
  // `history`: null where messages refer to themselves only; else a whole message is added to it.
  Inflated inflate(ByteView deflated, std::size_t bytes_max, History* history);

 private:
  class Stream;

  InflateOutcome run(ByteView input, std::size_t bytes_max);

  std::unique_ptr<Stream> stream_;
  OutputBuffer output_;
};

// Inflates one connection's messages.
class MessageInflater {
 public:
  // `history`: null where its client keeps no context.
  MessageInflater(Inflater& inflater, std::unique_ptr<History> history) noexcept
      : inflater_(inflater), history_(std::move(history)) {}

  Inflated inflate(ByteView deflated, std::size_t bytes_max) {
    return inflater_.inflate(deflated, bytes_max, history_.get());
  }

 private:
  Inflater& inflater_;
  std::unique_ptr<History> history_;
};

}  // namespace fanfare::deflate
