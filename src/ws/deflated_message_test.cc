// The message assembler where permessage-deflate was negotiated.
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deflate/deflater.h"
#include "support/ws_recorder.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::ws {
namespace {

using Events = std::vector<std::string>;

constexpr MaskingKey kKey = {0xA1, 0x02, 0xF3, 0x44};
constexpr MessageLimits kLimits = {.message_bytes_max = 2000, .message_fragments_max = 50};

std::string frame(FrameKind kind, std::string_view payload) {
  std::string bytes;
  append_client_frame(bytes, kind, as_bytes(payload), kKey);
  return bytes;
}

class Server {
 public:
  explicit Server(std::unique_ptr<deflate::History> history = nullptr) : inflater_(engine_, std::move(history)) {
    recorder.inflates_with = &inflater_;
  }

  // Of all that was fed so far.
  Events feed(std::string_view bytes) {
    outcome = test::feed_copy(assembler, as_bytes(bytes), recorder);
    return recorder.events;
  }
  // The same a byte at a time.
  Events feed_by_bytes(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size(); ++i) feed(bytes.substr(i, 1));
    return recorder.events;
  }

  MessageAssembler assembler{Role::kServer, kLimits, true};
  FeedOutcome outcome = FeedOutcome::kGoesOn;
  test::WsRecorder recorder;

 private:
  deflate::Inflater engine_;
  deflate::MessageInflater inflater_;
};

class DeflatedMessageTest : public testing::Test {
 protected:
  std::string deflated(std::string_view text, ByteView history = {}) {
    return std::string(as_text(deflater_.deflate(as_bytes(text), 15, history)));
  }
  // A whole message in one frame.
  std::string message(std::string_view text, Opcode opcode = Opcode::kText) {
    return frame({opcode, true, kRsv1}, deflated(text));
  }
  // In so many frames of `step` bytes, the first of which says that it is deflated.
  static std::string fragments(std::string_view payload, std::size_t step) {
    std::string bytes;
    for (std::size_t at = 0; at < payload.size(); at += step) {
      const bool is_first = at == 0;
      bytes += frame({.opcode = is_first ? Opcode::kText : Opcode::kContinuation,
                      .is_final = at + step >= payload.size(),
                      .reserved_bits = is_first ? kRsv1 : std::uint8_t{0}},
                     payload.substr(at, step));
    }
    return bytes;
  }

  deflate::Deflater deflater_{6};
  const std::string text_ =
      R"({"event":"client-e","data":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \u00e9 é"})";
};

TEST_F(DeflatedMessageTest, IsInflated) {
  Server server;
  EXPECT_EQ(server.feed(message(text_) + message(text_, Opcode::kBinary)),
            (Events{"text:" + text_, "binary:" + text_}));
  EXPECT_GE(server.recorder.last_spare, kSpareBytes);
  EXPECT_TRUE(server.assembler.is_idle());
}

TEST_F(DeflatedMessageTest, HoweverItIsCut) {
  const std::string stream = message(text_) + frame({.opcode = Opcode::kText}, "plain") +
                             fragments(deflated(text_), 7) + frame({.opcode = Opcode::kPing}, "p");
  const Events expected = {"text:" + text_, "text:plain", "text:" + text_, "ping:p"};
  EXPECT_EQ(Server().feed(stream), expected);
  EXPECT_EQ(Server().feed_by_bytes(stream), expected);
}

TEST_F(DeflatedMessageTest, FragmentsOfAnySizeWithControlFramesBetween) {
  const std::string payload = deflated(text_);
  for (std::size_t step = 1; step < payload.size(); ++step) {
    EXPECT_EQ(Server().feed(fragments(payload, step)), (Events{"text:" + text_})) << step;
  }
  const std::string begin = frame({Opcode::kText, false, kRsv1}, payload.substr(0, 5));
  const std::string empty = frame({.opcode = Opcode::kContinuation, .is_final = false}, "");
  const std::string end = frame({.opcode = Opcode::kContinuation}, payload.substr(5));
  EXPECT_EQ(Server().feed(begin + frame({.opcode = Opcode::kPing}, "p") + empty + end),
            (Events{"ping:p", "text:" + text_}));
}

TEST_F(DeflatedMessageTest, AnEmptyMessageIsOneByte) {
  EXPECT_EQ(Server().feed(frame({Opcode::kText, true, kRsv1}, std::string(1, '\0'))), (Events{"text:"}));
}

TEST_F(DeflatedMessageTest, MayReferToEarlierOnesWhereThatWasNegotiated) {
  deflate::History sent(15);
  const std::string first = deflated(text_);
  sent.append(as_bytes(text_));
  const std::string second = deflated(text_, sent.view());
  EXPECT_LT(second.size(), first.size() / 2);
  const std::string stream = frame({Opcode::kText, true, kRsv1}, first) + frame({.opcode = Opcode::kText}, "plain") +
                             frame({Opcode::kText, true, kRsv1}, second);
  EXPECT_EQ(Server(std::make_unique<deflate::History>(15)).feed(stream),
            (Events{"text:" + text_, "text:plain", "text:" + text_}));
  EXPECT_EQ(Server().feed(stream),
            (Events{"text:" + text_, "text:plain", "error:1007:message is not valid DEFLATE data"}));
}

TEST_F(DeflatedMessageTest, TheReservedBitsAreWhereTheyMayBe) {
  using std::string_literals::operator""s;
  EXPECT_EQ(Server().feed(frame({Opcode::kText, false, kRsv1}, deflated(text_)) +
                          frame({Opcode::kContinuation, true, kRsv1}, "x")),
            (Events{"error:1002:reserved bit set on a continuation frame"}));
  EXPECT_EQ(Server().feed(frame({Opcode::kText, false, 0}, "a") + frame({Opcode::kContinuation, true, kRsv1}, "x")),
            (Events{"error:1002:reserved bit set on a continuation frame"}));
  EXPECT_EQ(Server().feed("\xC9\x80\0\0\0\0"s), (Events{"error:1002:reserved bit set on a control frame"}));  // ping
  EXPECT_EQ(Server().feed("\xC8\x80\0\0\0\0"s), (Events{"error:1002:reserved bit set on a control frame"}));  // close
  for (const std::uint8_t bits : {kRsv2, kRsv3}) {
    EXPECT_EQ(Server().feed(frame({Opcode::kText, true, bits}, deflated(text_))),
              (Events{"error:1002:reserved bit set without an extension that defines it"}));
    EXPECT_EQ(Server().feed(frame({Opcode::kText, true, static_cast<std::uint8_t>(bits | kRsv1)}, deflated(text_))),
              (Events{"error:1002:reserved bit set without an extension that defines it"}));
  }
}

TEST_F(DeflatedMessageTest, WithoutTheExtensionTheBitIsAnError) {
  MessageAssembler assembler(Role::kServer, kLimits);
  test::WsRecorder recorder;
  test::feed_copy(assembler, as_bytes(message(text_)), recorder);
  EXPECT_EQ(recorder.events, (Events{"error:1002:reserved bit set without an extension that defines it"}));
}

TEST_F(DeflatedMessageTest, WhatIsNoDeflateEndsTheConnection) {
  Server server;
  EXPECT_EQ(server.feed(frame({Opcode::kText, true, kRsv1}, "\x07 no such block")),
            (Events{"error:1007:message is not valid DEFLATE data"}));
  EXPECT_EQ(server.outcome, FeedOutcome::kEnded);
  EXPECT_EQ(server.feed(message(text_)).size(), 1U);
  const std::string whole = deflated(text_);
  EXPECT_EQ(Server().feed(frame({Opcode::kText, true, kRsv1}, whole.substr(0, whole.size() / 2))),
            (Events{"error:1007:message is not valid DEFLATE data"}));
}

TEST_F(DeflatedMessageTest, TextMustInflateToUtf8) {
  const std::string wrong = std::string(50, 'a') + "\xED\xA0\x80" + std::string(50, 'a');
  const std::string cut = std::string(50, 'a') + "\xE2\x82";
  EXPECT_EQ(Server().feed(message(wrong)), (Events{"error:1007:text is not valid UTF-8"}));
  EXPECT_EQ(Server().feed(message(cut)), (Events{"error:1007:text ends inside a UTF-8 character"}));
  EXPECT_EQ(Server().feed(message(wrong, Opcode::kBinary)), (Events{"binary:" + wrong}));
}

TEST_F(DeflatedMessageTest, TheLimitIsOfWhatItInflatesTo) {
  EXPECT_EQ(Server().feed(message(std::string(2000, 'x'))), (Events{"text:" + std::string(2000, 'x')}));
  const Events too_large = {"error:1009:message that inflates to more than 2000 bytes"};
  EXPECT_EQ(Server().feed(message(std::string(2001, 'x'))), too_large);
  EXPECT_EQ(Server().feed(fragments(deflated(std::string(500'000, 'x')), 100)), too_large);
}

TEST_F(DeflatedMessageTest, FragmentsAreBoundedBeforeTheyAreInflated) {
  const std::string begin = frame({Opcode::kText, false, kRsv1}, std::string(2300, '\0'));
  const std::string more = frame({.opcode = Opcode::kContinuation}, std::string(46, '\0'));
  EXPECT_EQ(Server().feed(begin + more), (Events{"error:1009:message of 2346 bytes or more, at most 2345"}));
}

TEST_F(DeflatedMessageTest, AMessageThatDoesNotShrinkMayBeSentDeflatedUpToTheLimit) {
  // A stored block: five bytes of its own, and the empty block behind it.
  const std::string text(2000, 'n');
  const std::string stored = std::string("\x00\xd0\x07\x2f\xf8", 5) + text + '\0';
  EXPECT_EQ(Server().feed(frame({Opcode::kText, true, kRsv1}, stored)), (Events{"text:" + text}));
}

}  // namespace
}  // namespace fanfare::ws
