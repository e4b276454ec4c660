// The frame parser in either role: any bytes, whole and cut by the input itself, must give the same frames and the same
// fault, and a piece never reaches beyond its input.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/assert.h"
#include "ws/frame_parser.h"

namespace {

using namespace fanfare;
using Outcome = ws::FrameParser::Outcome;

// What was read, as text: headers, payloads and the fault, with no trace of how the input was cut.
class History {
 public:
  explicit History(ws::FrameParser parser) : parser_(parser) {}

  void feed(ByteView bytes) {
    // In a block of its own, so that a sanitizer sees the first byte beyond it.
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size()]);
    if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
    MutableBytes input(copy.get(), bytes.size());
    while (!has_failed_) {
      const ws::FrameParser::Step step = parser_.next(input);
      if (step.outcome == Outcome::kNeedsMore) {
        FANFARE_ASSERT(input.empty());
        return;
      }
      note(step);
    }
  }
  const std::string& text() const { return text_; }

 private:
  void note(const ws::FrameParser::Step& step) {
    if (step.outcome == Outcome::kError) {
      FANFARE_ASSERT(!step.reason.empty());
      text_.append(" fault ").append(step.reason);
      has_failed_ = true;
      return;
    }
    const ws::FramePiece& piece = step.piece;
    FANFARE_ASSERT(piece.is_first_piece || !piece.payload.empty());
    if (piece.is_first_piece) {
      text_ += " frame " + std::to_string(static_cast<int>(piece.opcode)) + ' ' + std::to_string(piece.reserved_bits) +
               (piece.is_final ? " final " : " ") + std::to_string(piece.length()) + ' ';
    }
    text_.append(as_text(piece.payload));
    if (piece.remaining == 0) text_ += " end";
  }

  ws::FrameParser parser_;
  std::string text_;
  bool has_failed_ = false;
};

}  // namespace

// First byte: role and allowed bits; second: how the rest is cut.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ws::Role role = (data[0] & 1U) != 0 ? ws::Role::kClient : ws::Role::kServer;
  const ws::FrameParser parser(role, data[0] & 0x70U);
  const std::size_t step = data[1] % 16 + 1U;
  const ByteView bytes(data + 2, size - 2);

  History whole(parser);
  whole.feed(bytes);
  History cut(parser);
  for (std::size_t at = 0; at < bytes.size(); at += step)
    cut.feed(bytes.subspan(at, std::min(step, bytes.size() - at)));
  FANFARE_ASSERT(whole.text() == cut.text());
  return 0;
}
