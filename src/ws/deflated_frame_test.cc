#include "ws/deflated_frame.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/ws_recorder.h"
#include "ws/frame_encoder.h"
#include "ws/frame_parser.h"

namespace fanfare::ws {
namespace {

using Events = std::vector<std::string>;

// What a client makes of frames.
class Client {
 public:
  explicit Client(std::unique_ptr<deflate::History> history = nullptr) : inflater_(engine_, std::move(history)) {
    recorder_.inflates_with = &inflater_;
  }

  Events events_of(std::string_view frames) {
    test::feed_copy(assembler_, as_bytes(frames), recorder_);
    return recorder_.events;
  }

 private:
  deflate::Inflater engine_;
  deflate::MessageInflater inflater_;
  MessageAssembler assembler_{Role::kClient, {.message_bytes_max = 1'000'000}, true};
  test::WsRecorder recorder_;
};

std::string varied(std::size_t bytes) {
  std::string text;
  for (int i = 0; text.size() < bytes; ++i) text += "value " + std::to_string(i * 7919) + "; ";
  text.resize(bytes);
  return text;
}

TEST(DeflatedFrameTest, AFrameSaysThatItIsDeflated) {
  deflate::Deflater deflater(6);
  const std::string text(300, 'x');
  std::string frames;
  EXPECT_TRUE(append_deflated_frame(frames, Opcode::kText, as_bytes(text), deflater, {}));
  EXPECT_EQ(frames[0], '\xC1');  // FIN, RSV1, text
  EXPECT_LT(frames.size(), 20U);
  EXPECT_TRUE(append_deflated_frame(frames, Opcode::kBinary, as_bytes(text), deflater, {}));
  EXPECT_EQ(Client().events_of(frames), (Events{"text:" + text, "binary:" + text}));
}

TEST(DeflatedFrameTest, WhatDoesNotShrinkIsSentAsItIs) {
  deflate::Deflater deflater(6);
  std::string frames;
  for (const std::string_view text : {"", "abc", "0123456789"}) {
    EXPECT_FALSE(append_deflated_frame(frames, Opcode::kText, as_bytes(text), deflater, {}));
  }
  EXPECT_EQ(Client().events_of(frames), (Events{"text:", "text:abc", "text:0123456789"}));
}

TEST(DeflatedFrameTest, PlainMessagesAreNoPartOfTheHistory) {
  deflate::Deflater deflater(6);
  deflate::History sent(15);
  Client client(std::make_unique<deflate::History>(15));
  const std::string text = varied(400);
  std::string frames;
  EXPECT_TRUE(append_deflated_frame(frames, Opcode::kText, as_bytes(text), deflater, {15, &sent}));
  EXPECT_FALSE(append_deflated_frame(frames, Opcode::kText, as_bytes("!"), deflater, {15, &sent}));
  EXPECT_EQ(sent.view().size(), text.size());
  const std::size_t before = frames.size();
  EXPECT_TRUE(append_deflated_frame(frames, Opcode::kText, as_bytes(text), deflater, {15, &sent}));
  EXPECT_LT(frames.size() - before, 20U);
  EXPECT_EQ(client.events_of(frames), (Events{"text:" + text, "text:!", "text:" + text}));
}

TEST(DeflatedFrameTest, InAWindowOf8BitsOnlyShortMessagesAreDeflated) {
  deflate::Deflater deflater(6);
  std::string frames;
  EXPECT_TRUE(append_deflated_frame(frames, Opcode::kText, as_bytes(std::string(256, 'x')), deflater, {8}));
  EXPECT_FALSE(append_deflated_frame(frames, Opcode::kText, as_bytes(std::string(257, 'x')), deflater, {8}));
  EXPECT_EQ(Client().events_of(frames), (Events{"text:" + std::string(256, 'x'), "text:" + std::string(257, 'x')}));
}

}  // namespace
}  // namespace fanfare::ws
