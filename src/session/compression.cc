#include "session/compression.h"

#include <chrono>

#include "ws/frame.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::session {

namespace {

constexpr std::size_t kKeptBytesMax = 64 * kKiB;

}  // namespace

// Takes the time until its end off the budget.
class Compression::Spending {
 public:
  explicit Spending(Compression& compression) : compression_(compression), start_(compression.clock_.monotonic()) {}
  ~Spending() {
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(compression_.clock_.monotonic() - start_);
    compression_.budget_.spend(took);
    compression_.stats_.deflate_us.add(static_cast<std::uint64_t>(took.count()));
  }
  Spending(const Spending&) = delete;
  Spending& operator=(const Spending&) = delete;

 private:
  Compression& compression_;
  MonotonicTime start_;
};

Compression::Compression(const CompressionOptions& options, const net::NetStats& loop, const Clock& clock,
                         SessionStats& stats)
    : options_(options),
      loop_(loop),
      clock_(clock),
      stats_(stats),
      budget_(options.cpu_percent_max, options.busy_percent_max, clock.monotonic()),
      deflater_(options.level) {}

ws::DeflateOffer Compression::offer() const noexcept {
  return {.server_takes_over = options_.server_context_takeover,
          .client_takes_over = options_.client_context_takeover,
          .server_window_bits = options_.server_window_bits,
          .client_window_bits = options_.client_window_bits};
}

std::optional<ws::DeflateResponse> Compression::agree(std::string_view extensions) const {
  if (!options_.enabled || extensions.empty()) return std::nullopt;
  return ws::agree_on_deflate(extensions, offer());
}

std::optional<ws::DeflateResponse> Compression::agree(std::string_view extensions, const core::App& app) const {
  if (!options_.enabled || !app.switches.compression || extensions.empty()) return std::nullopt;
  ws::DeflateOffer possible = offer();
  // Where events may be dropped out of a queue, none may refer to another.
  if (app.slow_consumer != core::SlowConsumerPolicy::kClose) possible.server_takes_over = false;
  return ws::agree_on_deflate(extensions, possible);
}

bool Compression::has_time() {
  const bool has_time =
      budget_.is_open(clock_.monotonic(), std::chrono::microseconds(static_cast<std::int64_t>(loop_.busy_us.value())));
  if (!has_time) stats_.deflate_held_back.add();
  return has_time;
}

LocalSlice Compression::deflate_frames(const LocalSlice& frames, std::uint8_t window_bits) {
  // A message cannot be larger than all its frames.
  if (!is_worth_it(frames.size()) || !has_time()) return frames;
  const Spending spending(*this);
  const std::uint64_t before = stats_.deflated_messages.value();
  frames_.clear();
  for (ByteView rest = frames.view(); !rest.empty();) {
    const ws::FrameText frame = ws::first_text_frame(rest);
    if (is_worth_it(frame.payload.size())) {
      append_counted(frames_, frame.payload, {.bits = window_bits});
    } else {
      frames_ += as_text(rest.first(frame.bytes));
    }
    rest = rest.subspan(frame.bytes);
  }
  if (stats_.deflated_messages.value() == before) return frames;
  LocalSlice deflated = LocalSlice::copy_of(as_bytes(frames_));
  if (frames_.capacity() > kKeptBytesMax) frames_ = {};
  return deflated;
}

void Compression::append_frame(std::string& to, std::string_view payload, ws::DeflateWindow window) {
  if (!is_worth_it(payload.size()) || !has_time()) {
    return ws::append_server_frame(to, {.opcode = ws::Opcode::kText}, as_bytes(payload));
  }
  const Spending spending(*this);
  append_counted(to, payload, window);
}

void Compression::append_counted(std::string& to, std::string_view payload, ws::DeflateWindow window) {
  const std::size_t size = to.size();
  if (!ws::append_deflated_frame(to, ws::Opcode::kText, as_bytes(payload), deflater_, window)) return;
  stats_.deflated_messages.add();
  stats_.deflated_bytes_before.add(ws::server_frame_bytes(payload.size()));
  stats_.deflated_bytes_after.add(to.size() - size);
}

}  // namespace fanfare::session
