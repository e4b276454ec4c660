// The same bytes give the same events however the network cuts them.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "support/ws_recorder.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::ws {
namespace {

using test::feed_copy;
using test::WsRecorder;

constexpr MaskingKey kKey = {0x11, 0x22, 0x33, 0x44};

void add(std::string& to, FrameKind kind, std::string_view payload) {
  append_client_frame(to, kind, as_bytes(payload), kKey);
}

// Every kind of frame, every form of length, fragments with characters cut between them; ended by each kind of end.
std::vector<std::string> streams() {
  std::string common;
  add(common, {}, "Hello");
  add(common, {.opcode = Opcode::kBinary}, std::string(126, '\xFF'));
  add(common, {.opcode = Opcode::kText, .is_final = false}, "caf\xC3");
  add(common, {.opcode = Opcode::kPing}, std::string(125, 'p'));
  add(common, {.opcode = Opcode::kContinuation, .is_final = false}, "");
  add(common, {.opcode = Opcode::kPong}, "");
  add(common, {.opcode = Opcode::kContinuation, .is_final = false}, "\xA9 \xE2\x82");
  add(common, {.opcode = Opcode::kContinuation}, "\xAC!");
  add(common, {}, "");

  std::vector<std::string> all = {common};
  all.push_back(common);
  add(all.back(), {.opcode = Opcode::kClose}, close_payload(CloseCode::kNormal, "done"));
  add(all.back(), {}, "late");
  all.push_back(common);
  add(all.back(), {}, "wrong \xED\xA0\x80 and more");
  all.push_back(common);
  add(all.back(), {.opcode = Opcode::kText, .is_final = false}, "\xE2\x82");
  add(all.back(), {.opcode = Opcode::kContinuation}, "");
  all.push_back(common);
  add(all.back(), {.opcode = Opcode::kContinuation}, "of nothing");
  all.push_back(common);
  add(all.back(), {.opcode = Opcode::kText, .is_final = false}, std::string(200, 'a'));
  add(all.back(), {.opcode = Opcode::kContinuation}, std::string(101, 'b'));
  all.push_back(common + "\x81\x7E");
  all.push_back(common + std::string("\x82\xFE\x00\x7D\x01\x02\x03\x04", 8));
  return all;
}

// A large frame of its own, for the 64-bit length.
std::string large_stream() {
  std::string stream;
  add(stream, {.opcode = Opcode::kBinary}, std::string(65536, 'L'));
  add(stream, {.opcode = Opcode::kPing}, "behind");
  return stream;
}

constexpr MessageLimits kLimits = {.message_bytes_max = 300, .message_fragments_max = 8};
constexpr MessageLimits kLargeLimits = {.message_bytes_max = 65536, .message_fragments_max = 8};

// Events of `stream` when it is cut before each of `cuts` (ascending).
std::vector<std::string> events_of(const std::string& stream, const std::vector<std::size_t>& cuts,
                                   MessageLimits limits = kLimits) {
  MessageAssembler assembler(Role::kServer, limits);
  WsRecorder recorder;
  std::size_t from = 0;
  for (const std::size_t cut : cuts) {
    feed_copy(assembler, as_bytes(stream).subspan(from, cut - from), recorder);
    from = cut;
  }
  feed_copy(assembler, as_bytes(stream).subspan(from), recorder);
  return recorder.events;
}

std::vector<std::size_t> every(std::size_t step, std::size_t size) {
  std::vector<std::size_t> cuts;
  for (std::size_t cut = step; cut < size; cut += step) cuts.push_back(cut);
  return cuts;
}

TEST(SegmentationTest, TheStreamsSayWhatTheyWereMadeFor) {
  const std::vector<std::string> ends = {"text:",
                                         "close:1000:done",
                                         "error:1007:text is not valid UTF-8",
                                         "error:1007:text ends inside a UTF-8 character",
                                         "error:1002:continuation frame, but no message to continue",
                                         "error:1009:message of 301 bytes or more, at most 300",
                                         "error:1002:unmasked frame from a client",
                                         "error:1002:payload length below 126 in the 16-bit form"};
  const std::vector<std::string> all = streams();
  ASSERT_EQ(all.size(), ends.size());
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT_EQ(events_of(all[i], {}).back(), ends[i]);
}

TEST(SegmentationTest, CutOnceAtEveryByte) {
  for (const std::string& stream : streams()) {
    const std::vector<std::string> whole = events_of(stream, {});
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) ASSERT_EQ(events_of(stream, {cut}), whole) << cut;
  }
}

TEST(SegmentationTest, CutTwiceAtEveryPairOfBytes) {
  const std::string stream = streams()[1].substr(0, 60) + streams()[2];
  const std::vector<std::string> whole = events_of(stream, {});
  for (std::size_t first = 0; first < stream.size(); first += 3) {
    for (std::size_t second = first; second < stream.size(); ++second) {
      ASSERT_EQ(events_of(stream, {first, second}), whole) << first << ' ' << second;
    }
  }
}

TEST(SegmentationTest, InEqualPieces) {
  for (const std::string& stream : streams()) {
    const std::vector<std::string> whole = events_of(stream, {});
    for (std::size_t step = 1; step <= 20; ++step)
      ASSERT_EQ(events_of(stream, every(step, stream.size())), whole) << step;
  }
}

TEST(SegmentationTest, ALargeFrame) {
  const std::string stream = large_stream();
  const std::vector<std::string> whole = events_of(stream, {}, kLargeLimits);
  ASSERT_EQ(whole.size(), 2U);
  for (const std::size_t step : {1U, 2U, 7U, 1460U, 16384U}) {
    EXPECT_EQ(events_of(stream, every(step, stream.size()), kLargeLimits), whole) << step;
  }
}

TEST(SegmentationTest, InRandomPieces) {
  constexpr std::uint64_t kSeed = 64551;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  for (const std::string& stream : streams()) {
    const std::vector<std::string> whole = events_of(stream, {});
    for (int round = 0; round < 200; ++round) {
      std::vector<std::size_t> cuts;
      for (std::size_t at = random.below(40); at < stream.size(); at += random.below(40)) cuts.push_back(at);
      ASSERT_EQ(events_of(stream, cuts), whole);
    }
  }
}

}  // namespace
}  // namespace fanfare::ws
