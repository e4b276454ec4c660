// What reading costs: small client frames as Pusher clients send them, large ones, masking and UTF-8 alone.
#include <cstring>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "ws/frame_encoder.h"
#include "ws/frame_parser.h"
#include "ws/mask.h"
#include "ws/message_assembler.h"
#include "ws/utf8.h"

namespace fanfare::ws {
namespace {

constexpr MaskingKey kKey = {0x37, 0xFA, 0x21, 0x3D};

class CountingHandler final : public MessageHandler {
 public:
  std::size_t messages = 0;
  [[nodiscard]] bool on_message(const Message& message) override {
    benchmark::DoNotOptimize(message.bytes.data());
    ++messages;
    return true;
  }
  [[nodiscard]] bool on_ping(ByteView) override { return true; }
  [[nodiscard]] bool on_pong(ByteView) override { return true; }
  void on_close(CloseCode, std::string_view) override {}
  void on_protocol_error(CloseCode, std::string_view) override {}
};

// About 16 KiB of frames with payloads of `payload_bytes`, at least one: a read of a busy connection.
std::string frames_of(std::size_t payload_bytes) {
  std::string frames;
  do {
    append_client_frame(frames, {}, as_bytes(std::string(payload_bytes, 'x')), kKey);
  } while (frames.size() < 16 * kKiB);
  return frames;
}

// Parsing unmasks in place, so that each round starts with a fresh copy; its cost is part of every row alike.
void parse_frames(benchmark::State& state) {
  const std::string frames = frames_of(static_cast<std::size_t>(state.range(0)));
  std::vector<std::uint8_t> buffer(frames.size());
  std::int64_t count = 0;
  for (auto _ : state) {
    std::memcpy(buffer.data(), frames.data(), frames.size());
    FrameParser parser(Role::kServer);
    MutableBytes input(buffer);
    while (parser.next(input).outcome == FrameParser::Outcome::kPiece) ++count;
  }
  state.SetItemsProcessed(count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frames.size()));
}
BENCHMARK(parse_frames)->Arg(20)->Arg(120)->Arg(1000)->Arg(64 * kKiB);

void assemble_messages(benchmark::State& state) {
  const std::string frames = frames_of(static_cast<std::size_t>(state.range(0)));
  std::vector<std::uint8_t> buffer(frames.size() + kSpareBytes);
  CountingHandler handler;
  for (auto _ : state) {
    std::memcpy(buffer.data(), frames.data(), frames.size());
    MessageAssembler assembler(Role::kServer, {});
    MutableBytes input = MutableBytes(buffer).first(frames.size());
    assembler.feed(input, kSpareBytes, handler);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(handler.messages));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(frames.size()));
}
BENCHMARK(assemble_messages)->Arg(20)->Arg(120)->Arg(1000)->Arg(64 * kKiB);

void mask_bytes(benchmark::State& state) {
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(state.range(0)));
  MaskingKey key = kKey;
  for (auto _ : state) benchmark::DoNotOptimize(key = apply_mask(bytes, key));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(mask_bytes)->Arg(120)->Arg(16 * kKiB);

void validate(benchmark::State& state, const std::string& part) {
  std::string text;
  while (text.size() < 16 * kKiB) text += part;
  for (auto _ : state) benchmark::DoNotOptimize(is_valid_utf8(as_bytes(text)));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK_CAPTURE(validate, ascii, "plain text of a chat message, ");
BENCHMARK_CAPTURE(validate, mixed, "caf\xC3\xA9 au lait, 3 \xE2\x82\xAC; ");
BENCHMARK_CAPTURE(validate, cyrillic, "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82");

}  // namespace
}  // namespace fanfare::ws
