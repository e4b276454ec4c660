// What a client sends with permessage-deflate: any bytes as frames, at once and cut at random; any bytes as one
// deflated message; and any bytes deflated and inflated again. Limits hold, and nothing of one message changes another.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/assert.h"
#include "base/random.h"
#include "deflate/deflater.h"
#include "deflate/inflater.h"
#include "support/ws_recorder.h"
#include "ws/message_assembler.h"

namespace {

using namespace fanfare;

constexpr ws::MessageLimits kLimits = {.message_bytes_max = 2000, .message_fragments_max = 6};
constexpr std::size_t kLongestPrefix = sizeof("binary:") - 1;

// One connection with an inflater of its own.
struct Connection {
  Connection(ws::Role role, bool keeps_context)
      : messages(engine, deflate::history_if(keeps_context, deflate::kWindowBitsMax)), assembler(role, kLimits, true) {
    recorder.inflates_with = &messages;
  }

  deflate::Inflater engine;
  deflate::MessageInflater messages;
  ws::MessageAssembler assembler;
  test::WsRecorder recorder;
};

void try_frames(ByteView bytes, ws::Role role, bool keeps_context, std::uint8_t seed) {
  Connection at_once(role, keeps_context);
  const ws::FeedOutcome outcome = test::feed_copy(at_once.assembler, bytes, at_once.recorder);
  for (const std::string& event : at_once.recorder.events) {
    FANFARE_ASSERT(event.size() <= kLimits.message_bytes_max + kLongestPrefix);
  }
  Connection in_parts(role, keeps_context);
  SeededRandom random(seed);
  ws::FeedOutcome last = ws::FeedOutcome::kGoesOn;
  for (std::size_t at = 0; at < bytes.size() && last == ws::FeedOutcome::kGoesOn;) {
    const std::size_t step = std::min<std::size_t>(random.below(random.below(4) == 0 ? 64 : 4) + 1, bytes.size() - at);
    last = test::feed_copy(in_parts.assembler, bytes.subspan(at, step), in_parts.recorder);
    at += step;
  }
  FANFARE_ASSERT(in_parts.recorder.events == at_once.recorder.events);
  FANFARE_ASSERT(last == outcome);
}

void try_message(ByteView deflated) {
  deflate::Inflater inflater;
  const deflate::Inflated first = inflater.inflate(deflated, kLimits.message_bytes_max, nullptr);
  const std::string text(as_text(first.bytes));
  FANFARE_ASSERT(text.size() <= kLimits.message_bytes_max);
  const deflate::Inflated second = inflater.inflate(deflated, kLimits.message_bytes_max, nullptr);
  FANFARE_ASSERT(second.outcome == first.outcome && as_text(second.bytes) == text);
}

void try_round_trip(ByteView text, int window_bits) {
  static deflate::Deflater deflater(6);
  static deflate::Inflater inflater;
  deflate::History sent(window_bits);
  deflate::History received(window_bits);
  for (int round = 0; round < 2; ++round) {
    const ByteView deflated = deflater.deflate(text, window_bits, sent.view());
    if (deflated.empty()) return;
    sent.append(text);
    const deflate::Inflated inflated = inflater.inflate(deflated, text.size(), &received);
    FANFARE_ASSERT(inflated.outcome == deflate::InflateOutcome::kWhole);
    FANFARE_ASSERT(as_text(inflated.bytes) == as_text(text));
  }
}

}  // namespace

// First byte: role, context, and the window of the round trip; second: seed of the cuts.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ByteView bytes(data + 2, size - 2);
  const ws::Role role = (data[0] & 1U) != 0 ? ws::Role::kClient : ws::Role::kServer;
  try_frames(bytes, role, (data[0] & 2U) != 0, data[1]);
  try_message(bytes);
  try_round_trip(bytes, deflate::kWindowBitsMin + static_cast<int>((data[0] >> 2U) % 7U));
  return 0;
}
