#include "deflate/inflater.h"

#include <algorithm>
#include <array>
#include <new>

#include <zlib.h>

#include "base/assert.h"

namespace fanfare::deflate {

namespace {

// The empty block that a sender cuts off. Source: RFC 7692 section 7.2.1
constexpr std::array<std::uint8_t, 4> kTail{0x00, 0x00, 0xFF, 0xFF};
constexpr std::size_t kFirstCapacity = 4 * kKiB;
// What most texts inflate to, so that one allocation does.
constexpr std::size_t kUsualRatio = 4;

// In z_stream::data_type: a block has just ended; and how many bits of the last byte are not used yet.
constexpr int kBlockHasEnded = 128;
constexpr int kUnusedBits = 63;

}  // namespace

class Inflater::Stream {
 public:
  Stream() {
    const int made = inflateInit2(&stream_, -kWindowBitsMax);
    if (made == Z_MEM_ERROR) throw std::bad_alloc();
    FANFARE_ASSERT(made == Z_OK);
  }
  ~Stream() { inflateEnd(&stream_); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void start(ByteView history) {
    FANFARE_ASSERT(inflateReset(&stream_) == Z_OK);
    has_ended_ = false;
    if (history.empty()) return;
    FANFARE_ASSERT(inflateSetDictionary(&stream_, history.data(), static_cast<uInt>(history.size())) == Z_OK);
  }
  void set_input(ByteView input) noexcept {
    stream_.next_in = input.data();
    stream_.avail_in = static_cast<uInt>(input.size());
  }
  bool has_input() const noexcept { return stream_.avail_in != 0; }

  struct Step {
    bool is_valid = false;
    std::size_t written = 0;
  };
  Step run(MutableBytes output) {
    const bool had_input = has_input();
    stream_.next_out = output.data();
    stream_.avail_out = static_cast<uInt>(output.size());
    const int outcome = ::inflate(&stream_, Z_SYNC_FLUSH);
    if (outcome == Z_MEM_ERROR) throw std::bad_alloc();
    const std::size_t written = output.size() - stream_.avail_out;
    has_ended_ = outcome == Z_STREAM_END || (has_ended_ && written == 0 && !had_input);
    // Behind a final block a message may have more (RFC 7692 section 7.2.3.5). This keeps zlib's window, so that it
    // costs nothing, however many final blocks there are.
    if (outcome == Z_STREAM_END) FANFARE_ASSERT(inflateResetKeep(&stream_) == Z_OK);
    // Z_BUF_ERROR: the input is used up, or the output. Both may go on.
    return {outcome == Z_OK || outcome == Z_BUF_ERROR || outcome == Z_STREAM_END, written};
  }

  // Whether the last block was a final one, and nothing came behind it.
  bool has_ended() const noexcept { return has_ended_; }
  // Whether the input ends with a block.
  bool is_between_blocks() const noexcept {
    return (stream_.data_type & kBlockHasEnded) != 0 && (stream_.data_type & kUnusedBits) == 0;
  }

 private:
  z_stream stream_{};
  bool has_ended_ = false;
};

Inflater::Inflater() noexcept = default;
Inflater::~Inflater() = default;

Inflated Inflater::inflate(ByteView deflated, std::size_t bytes_max, History* history) {
  if (deflated.size() > deflated_bytes_max(bytes_max)) return {InflateOutcome::kTooLarge};
  if (stream_ == nullptr) stream_ = std::make_unique<Stream>();
  stream_->start(history == nullptr ? ByteView() : history->view());
  output_.start(std::min(std::max(kUsualRatio * deflated.size(), kFirstCapacity), bytes_max + 1), kSpareBytes);

  InflateOutcome outcome = run(deflated, bytes_max);
  // A sender that ends with a final block should have put an empty one behind it, and some do not.
  const bool is_over = outcome == InflateOutcome::kWhole && !deflated.empty() && stream_->has_ended();
  if (outcome == InflateOutcome::kWhole && !is_over) {
    outcome = run(kTail, bytes_max);
    if (outcome == InflateOutcome::kWhole && !stream_->is_between_blocks()) outcome = InflateOutcome::kInvalid;
  }
  if (outcome != InflateOutcome::kWhole) return {outcome};
  if (history != nullptr) history->append(output_.bytes());
  return {InflateOutcome::kWhole, output_.bytes(), output_.room().size() + kSpareBytes};
}

InflateOutcome Inflater::run(ByteView input, std::size_t bytes_max) {
  stream_->set_input(input);
  for (;;) {
    if (output_.room().empty()) output_.grow(std::min(2 * output_.capacity(), bytes_max + 1));
    const std::size_t room = output_.room().size();
    const Stream::Step step = stream_->run(output_.room());
    output_.commit(step.written);
    if (!step.is_valid) return InflateOutcome::kInvalid;
    if (output_.size() > bytes_max) return InflateOutcome::kTooLarge;
    if (step.written == room) continue;  // there may be more
    if (!stream_->has_input()) return InflateOutcome::kWhole;
    if (!stream_->has_ended()) return InflateOutcome::kInvalid;  // only a final block stops before its input does
  }
}

}  // namespace fanfare::deflate
