#include "ws/message_assembler.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/ws_recorder.h"
#include "ws/frame_encoder.h"

namespace fanfare::ws {
namespace {

using Events = std::vector<std::string>;
using test::feed_copy;
using test::WsRecorder;

constexpr MaskingKey kKey = {0xA1, 0x02, 0xF3, 0x44};
constexpr FrameKind kTextFragment = {.opcode = Opcode::kText, .is_final = false};
constexpr FrameKind kMiddle = {.opcode = Opcode::kContinuation, .is_final = false};
constexpr FrameKind kEnd = {.opcode = Opcode::kContinuation};

std::string frame(FrameKind kind, std::string_view payload) {
  std::string bytes;
  append_client_frame(bytes, kind, as_bytes(payload), kKey);
  return bytes;
}
std::string frame(Opcode opcode, std::string_view payload) { return frame(FrameKind{.opcode = opcode}, payload); }

Events events_of(std::string_view bytes, MessageLimits limits = {}) {
  MessageAssembler assembler(Role::kServer, limits);
  WsRecorder recorder;
  feed_copy(assembler, as_bytes(bytes), recorder);
  return recorder.events;
}

TEST(MessageAssemblerTest, IsSmallAndIdleFromTheStart) {
  EXPECT_LE(sizeof(MessageAssembler), 40U);
  EXPECT_TRUE(MessageAssembler(Role::kServer, {}).is_idle());
}

TEST(MessageAssemblerTest, DeliversAWholeMessageWhereItLies) {
  std::string bytes = frame(Opcode::kText, "Hello") + frame(Opcode::kPing, "p");
  bytes.append(kSpareBytes, '\0');
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  auto* data = reinterpret_cast<std::uint8_t*>(bytes.data());
  MutableBytes input(data, bytes.size() - kSpareBytes);
  EXPECT_EQ(assembler.feed(input, kSpareBytes, recorder), FeedOutcome::kGoesOn);
  EXPECT_EQ(recorder.events, (Events{"text:Hello", "ping:p"}));
  EXPECT_EQ(recorder.last_message_data, data + 6);
  EXPECT_EQ(recorder.last_spare, kSpareBytes + 7) << "the ping frame behind counts too";
  EXPECT_TRUE(assembler.is_idle());
}

TEST(MessageAssemblerTest, PromisesNoMoreSpareBytesThanTheCaller) {
  std::string bytes = frame(Opcode::kText, "Hello");
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  MutableBytes input(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
  assembler.feed(input, 0, recorder);
  EXPECT_EQ(recorder.last_spare, 0U);
}

TEST(MessageAssemblerTest, HoldsABufferOnlyWhileSomethingIsIncomplete) {
  const std::string bytes = frame(Opcode::kBinary, "0123456789");
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  feed_copy(assembler, as_bytes(bytes).first(9), recorder);
  EXPECT_FALSE(assembler.is_idle());
  EXPECT_TRUE(recorder.events.empty());
  feed_copy(assembler, as_bytes(bytes).subspan(9), recorder);
  EXPECT_EQ(recorder.events, Events{"binary:0123456789"});
  EXPECT_GE(recorder.last_spare, kSpareBytes);
  EXPECT_TRUE(assembler.is_idle());
}

TEST(MessageAssemblerTest, JoinsFragmentsAndLetsControlFramesBetween) {
  EXPECT_EQ(events_of(frame(kTextFragment, "Hel") + frame(Opcode::kPing, "1") + frame(kMiddle, "lo") +
                      frame(Opcode::kPong, "2") + frame(kEnd, "!") + frame(Opcode::kText, "next")),
            (Events{"ping:1", "pong:2", "text:Hello!", "text:next"}));
}

TEST(MessageAssemblerTest, DeliversEmptyMessages) {
  EXPECT_EQ(events_of(frame(Opcode::kText, "") + frame(Opcode::kBinary, "") + frame(Opcode::kPing, "")),
            (Events{"text:", "binary:", "ping:"}));
  EXPECT_EQ(events_of(frame(kTextFragment, "") + frame(kMiddle, "") + frame(kEnd, "")), Events{"text:"});
}

TEST(MessageAssemblerTest, RefusesAContinuationOfNothing) {
  const Events expected{"error:1002:continuation frame, but no message to continue"};
  EXPECT_EQ(events_of(frame(kEnd, "x")), expected);
  EXPECT_EQ(events_of(frame(kMiddle, "")), expected);
  EXPECT_EQ(events_of(frame(kTextFragment, "a") + frame(kEnd, "b") + frame(kEnd, "c")),
            (Events{"text:ab", expected.front()}));
}

TEST(MessageAssemblerTest, RefusesANewMessageInsideAFragmentedOne) {
  const Events expected{"error:1002:new message before the end of a fragmented one"};
  EXPECT_EQ(events_of(frame(kTextFragment, "a") + frame(Opcode::kText, "b")), expected);
  EXPECT_EQ(events_of(frame(kTextFragment, "") + frame(Opcode::kBinary, "b")), expected);
}

TEST(MessageAssemblerTest, PassesTheParsersFaultsOn) {
  EXPECT_EQ(events_of("\x83"), Events{"error:1002:reserved opcode"});
  EXPECT_EQ(events_of(frame(Opcode::kText, "good") + "\x81\x01z"),
            (Events{"text:good", "error:1002:unmasked frame from a client"}));
}

TEST(MessageAssemblerTest, RefusesAMessageThatIsTooLargeByItsHeaderAlone) {
  const MessageLimits limits{.message_bytes_max = 10};
  EXPECT_EQ(events_of(frame(Opcode::kText, "0123456789"), limits), Events{"text:0123456789"});
  const std::string too_large = frame(Opcode::kText, "0123456789A");
  EXPECT_EQ(events_of(too_large.substr(0, 6), limits), Events{"error:1009:message of 11 bytes or more, at most 10"});
  EXPECT_EQ(events_of(frame(kTextFragment, "01234567") + frame(kMiddle, "89") + frame(kEnd, "A").substr(0, 6), limits),
            Events{"error:1009:message of 11 bytes or more, at most 10"});
  const std::string huge("\x82\xFF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF\1\2\3\4", 14);
  EXPECT_EQ(events_of(huge), Events{"error:1009:message of 9223372036854775807 bytes or more, at most 102400"});
}

TEST(MessageAssemblerTest, BoundsTheFragmentsOfAMessageEvenWhenTheyAreEmpty) {
  const MessageLimits limits{.message_fragments_max = 3};
  EXPECT_EQ(events_of(frame(kTextFragment, "") + frame(kMiddle, "") + frame(kEnd, "x"), limits), Events{"text:x"});
  EXPECT_EQ(events_of(frame(kTextFragment, "") + frame(kMiddle, "") + frame(kMiddle, "") + frame(kEnd, ""), limits),
            Events{"error:1008:message of more than 3 fragments"});
  std::string flood = frame(kTextFragment, "");
  for (int i = 0; i < 100000; ++i) flood += frame(kMiddle, "");
  EXPECT_EQ(events_of(flood), Events{"error:1008:message of more than 1024 fragments"});
}

TEST(MessageAssemblerTest, RefusesTextThatIsNotUtf8AndTakesAnythingAsBinary) {
  EXPECT_EQ(events_of(frame(Opcode::kText, "a\xFF")), Events{"error:1007:text is not valid UTF-8"});
  EXPECT_EQ(events_of(frame(Opcode::kText, "a\xE2\x82")), Events{"error:1007:text ends inside a UTF-8 character"});
  EXPECT_EQ(events_of(frame(Opcode::kBinary, "a\xFF")), Events{"binary:a\xFF"});
  EXPECT_EQ(events_of(frame({.opcode = Opcode::kBinary, .is_final = false}, "\xFF") + frame(kEnd, "\xFE")),
            Events{"binary:\xFF\xFE"});
}

TEST(MessageAssemblerTest, ACharacterMaySpanFragments) {
  EXPECT_EQ(events_of(frame(kTextFragment, "\xE2") + frame(Opcode::kPing, "\xFF") + frame(kMiddle, "\x82") +
                      frame(kEnd, "\xAC")),
            (Events{"ping:\xFF", "text:\xE2\x82\xAC"}));
  EXPECT_EQ(events_of(frame(kTextFragment, "\xE2") + frame(kEnd, "\x82")),
            Events{"error:1007:text ends inside a UTF-8 character"});
}

TEST(MessageAssemblerTest, RefusesInvalidTextBeforeTheFrameIsComplete) {
  // Autobahn 6.4.3: the frame goes on, but its fate is sealed at the byte 0x90 behind 0xF4.
  const std::string bytes = frame(Opcode::kText, "\xCE\xBA\xF4\x90\x80\x80 edited");
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  EXPECT_EQ(feed_copy(assembler, as_bytes(bytes).first(9), recorder), FeedOutcome::kGoesOn);
  EXPECT_EQ(feed_copy(assembler, as_bytes(bytes).subspan(9, 1), recorder), FeedOutcome::kEnded);
  EXPECT_EQ(recorder.events, Events{"error:1007:text is not valid UTF-8"});
}

TEST(MessageAssemblerTest, DeliversTheCloseFrame) {
  EXPECT_EQ(events_of(frame(Opcode::kClose, "")), Events{"close:1005:"});
  EXPECT_EQ(events_of(frame(Opcode::kClose, close_payload(CloseCode::kNormal, "bye"))), Events{"close:1000:bye"});
  const std::string longest(123, 'r');
  EXPECT_EQ(events_of(frame(Opcode::kClose, close_payload(CloseCode::kGoingAway, longest))),
            Events{"close:1001:" + longest});
}

TEST(MessageAssemblerTest, RefusesMalformedCloseFrames) {
  EXPECT_EQ(events_of(frame(Opcode::kClose, "\x03")), Events{"error:1002:close frame with a payload of 1 byte"});
  EXPECT_EQ(events_of(frame(Opcode::kClose, "\x03\xE8\xFF")), Events{"error:1007:close reason is not valid UTF-8"});
  EXPECT_EQ(events_of(frame(Opcode::kClose, "\x03\xE8\xE2\x82")), Events{"error:1007:close reason is not valid UTF-8"});
  for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
    const std::string payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xFF)};
    EXPECT_EQ(events_of(frame(Opcode::kClose, payload)),
              Events{"error:1002:close code " + std::to_string(code) + " may not be sent"});
  }
}

TEST(MessageAssemblerTest, DropsWhateverComesBehindTheEnd) {
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  const std::string bytes = frame(kTextFragment, "x") + frame(Opcode::kClose, "") + frame(Opcode::kText, "late");
  EXPECT_EQ(feed_copy(assembler, as_bytes(bytes), recorder), FeedOutcome::kEnded);
  EXPECT_EQ(feed_copy(assembler, as_bytes(frame(Opcode::kPing, "later")), recorder), FeedOutcome::kEnded);
  EXPECT_EQ(recorder.events, Events{"close:1005:"});
}

TEST(MessageAssemblerTest, AControlFrameMayComeInPartsInsideAMessage) {
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  const std::string ping_payload(125, 'p');
  const std::string bytes = frame(kTextFragment, "a") + frame(Opcode::kPing, ping_payload) + frame(kEnd, "b");
  for (const std::uint8_t& byte : as_bytes(bytes)) feed_copy(assembler, ByteView(&byte, 1), recorder);
  EXPECT_EQ(recorder.events, (Events{"ping:" + ping_payload, "text:ab"}));
  EXPECT_TRUE(assembler.is_idle());
}

TEST(MessageAssemblerTest, StopsWhenTheHandlerSaysSo) {
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  recorder.stop_after = 1;
  const std::string bytes = frame(Opcode::kPing, "1") + frame(Opcode::kPing, "2");
  EXPECT_EQ(feed_copy(assembler, as_bytes(bytes), recorder), FeedOutcome::kStopped);
  EXPECT_EQ(recorder.events, Events{"ping:1"});
}

TEST(MessageAssemblerTest, GoesOnWithTheRestWhereItWasStopped) {
  MessageAssembler assembler(Role::kServer, {});
  WsRecorder recorder;
  std::string bytes = frame(Opcode::kPing, "1") + frame(Opcode::kText, "two") + frame(Opcode::kPing, "3");
  MutableBytes rest(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
  for (std::size_t events = 1; events <= 2; ++events) {
    recorder.stop_after = events;
    EXPECT_EQ(assembler.feed(rest, 0, recorder), FeedOutcome::kStopped);
    EXPECT_EQ(recorder.events.size(), events);
  }
  recorder.stop_after = 100;
  EXPECT_EQ(assembler.feed(rest, 0, recorder), FeedOutcome::kGoesOn);
  EXPECT_EQ(recorder.events, (Events{"ping:1", "text:two", "ping:3"}));
}

// Destroys the assembler in whatever callback comes, as a connection that closes at once would.
class Destroyer final : public MessageHandler {
 public:
  explicit Destroyer(std::unique_ptr<MessageAssembler>& victim) : victim_(victim) {}
  [[nodiscard]] bool on_message(const Message& message) override { return destroy(message.bytes); }
  [[nodiscard]] bool on_ping(ByteView payload) override { return destroy(payload); }
  [[nodiscard]] bool on_pong(ByteView payload) override { return destroy(payload); }
  void on_close(CloseCode, std::string_view reason) override { destroy(as_bytes(reason)); }
  void on_protocol_error(CloseCode, std::string_view reason) override { destroy(as_bytes(reason)); }
  std::string seen;

 private:
  bool destroy(ByteView payload) {
    victim_.reset();
    seen = as_text(payload);  // still readable
    return false;
  }
  std::unique_ptr<MessageAssembler>& victim_;
};

TEST(MessageAssemblerTest, MayBeDestroyedInsideEveryCallback) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {frame(Opcode::kText, "whole"), "whole"},
      {frame(kTextFragment, "frag") + frame(kEnd, "ments"), "fragments"},
      {frame(kTextFragment, "x") + frame(Opcode::kPing, "ping"), "ping"},
      {frame(Opcode::kPong, "pong"), "pong"},
      {frame(Opcode::kClose, close_payload(CloseCode::kNormal, "bye")), "bye"},
      {frame(kTextFragment, "\xFF"), "text is not valid UTF-8"},
  };
  for (const auto& [bytes, seen] : cases) {
    for (const bool is_split : {false, true}) {
      auto assembler = std::make_unique<MessageAssembler>(Role::kServer, MessageLimits{});
      Destroyer destroyer(assembler);
      const std::size_t step = is_split ? 1 : bytes.size();
      for (std::size_t at = 0; at < bytes.size() && assembler != nullptr; at += step) {
        feed_copy(*assembler, as_bytes(bytes).subspan(at, step), destroyer);
      }
      EXPECT_EQ(assembler, nullptr);
      EXPECT_EQ(destroyer.seen, seen);
    }
  }
}

TEST(MessageAssemblerTest, ReadsUnmaskedFramesAsAClient) {
  std::string bytes;
  append_server_frame(bytes, {}, as_bytes("from the server"));
  MessageAssembler assembler(Role::kClient, {});
  WsRecorder recorder;
  feed_copy(assembler, as_bytes(bytes), recorder);
  EXPECT_EQ(recorder.events, Events{"text:from the server"});
}

}  // namespace
}  // namespace fanfare::ws
