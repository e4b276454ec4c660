// The message assembler: bytes delivered at once and cut at random must tell the same story, whatever they are; nothing
// is held once nothing is incomplete, and the limits hold.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/random.h"
#include "support/ws_recorder.h"
#include "ws/message_assembler.h"

namespace {

using namespace fanfare;

constexpr ws::MessageLimits kLimits = {.message_bytes_max = 2000, .message_fragments_max = 6};
constexpr std::size_t kLongestPrefix = sizeof("binary:") - 1;

void check_bounds(const test::WsRecorder& recorder) {
  for (const std::string& event : recorder.events) {
    FANFARE_ASSERT(event.size() <= kLimits.message_bytes_max + kLongestPrefix);
  }
}

}  // namespace

// First byte: role; second: seed of the cuts and the event at which the handler says stop.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const ws::Role role = (data[0] & 1U) != 0 ? ws::Role::kClient : ws::Role::kServer;
  const ByteView bytes(data + 2, size - 2);

  ws::MessageAssembler at_once(role, kLimits);
  test::WsRecorder expected;
  if ((data[0] & 2U) != 0) expected.stop_after = data[1] % 8 + 1U;
  const ws::FeedOutcome outcome = test::feed_copy(at_once, bytes, expected);
  check_bounds(expected);

  SeededRandom random(data[1]);
  ws::MessageAssembler in_parts(role, kLimits);
  test::WsRecorder found;
  found.stop_after = expected.stop_after;
  ws::FeedOutcome last = ws::FeedOutcome::kGoesOn;
  for (std::size_t at = 0; at < bytes.size() && last == ws::FeedOutcome::kGoesOn;) {
    const std::size_t step = std::min<std::size_t>(random.below(random.below(4) == 0 ? 64 : 4) + 1, bytes.size() - at);
    last = test::feed_copy(in_parts, bytes.subspan(at, step), found);
    at += step;
  }
  FANFARE_ASSERT(found.events == expected.events);
  FANFARE_ASSERT(last == outcome);
  if (outcome == ws::FeedOutcome::kGoesOn) FANFARE_ASSERT(at_once.is_idle() == in_parts.is_idle());
  return 0;
}
