#include "core/delivery.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ws/frame.h"

namespace fanfare::core {
namespace {

TEST(DeliveryTest, FramesBecomeLines) {
  const Delivery delivery(LocalSlice(ws::encode_text_frame(R"({"event":"e"})").slice()));
  EXPECT_EQ(delivery.lines().text(), "a[\"{\\\"event\\\":\\\"e\\\"}\"]\n");
  EXPECT_EQ(delivery.lines().count, 1U);
}

TEST(DeliveryTest, EveryLengthOfHeaderIsKnown) {
  for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 65'535UL, 65'536UL, 200'000UL}) {
    const std::string payload(size, 'x');
    const Delivery delivery(LocalSlice(ws::encode_text_frame(payload).slice()));
    EXPECT_EQ(delivery.lines().text(), "a[\"" + payload + "\"]\n");
  }
}

TEST(DeliveryTest, ABurstIsALineAFrame) {
  SharedBytes chunk = SharedBytes::with_capacity(1024);
  const ws::Frame first = ws::append_text_frame(chunk, "1");
  const ws::Frame second = ws::append_text_frame(chunk, std::string(200, '2'));
  Delivery delivery{LocalSlice(first.slice())};
  delivery.extend_to(second.slice().end);
  EXPECT_EQ(delivery.lines().text(), "a[\"1\"]\na[\"" + std::string(200, '2') + "\"]\n");
  EXPECT_EQ(delivery.lines().count, 2U);
}

TEST(DeliveryTest, AllWhoAskShareOneMemory) {
  const Delivery delivery(LocalSlice(ws::encode_text_frame("x").slice()));
  const LocalSlice first = delivery.lines().chunk;
  EXPECT_TRUE(first.bytes.is_same_chunk(delivery.lines().chunk.bytes));
  EXPECT_EQ(first.bytes.data(), delivery.lines().bare().bytes.data());
}

// Writes down what it was asked for, and answers with it.
class FakeDeflater final : public FrameDeflater {
 public:
  LocalSlice deflate_frames(const LocalSlice& frames, std::uint8_t window_bits) override {
    asked.push_back(window_bits);
    return LocalSlice::copy_of(as_bytes(std::to_string(window_bits) + ":" + std::to_string(frames.size())));
  }
  std::vector<int> asked;
};

TEST(DeliveryTest, IsDeflatedOnceForAllWhoAsk) {
  const Delivery delivery(LocalSlice(ws::encode_text_frame(std::string(40'000, 'x')).slice()));
  FakeDeflater deflater;
  const LocalSlice& first = delivery.deflated(deflater, 15);
  EXPECT_EQ(as_text(first.view()), "15:40004");
  EXPECT_TRUE(first.bytes.is_same_chunk(delivery.deflated(deflater, 15).bytes));
  EXPECT_EQ(deflater.asked, std::vector<int>{15});
}

TEST(DeliveryTest, IsDeflatedForASmallerWindowWhereThatMatters) {
  FakeDeflater deflater;
  const Delivery small(LocalSlice(ws::encode_text_frame(std::string(500, 'x')).slice()));
  for (const int bits : {15, 12, 10}) (void)small.deflated(deflater, static_cast<std::uint8_t>(bits));
  EXPECT_EQ(deflater.asked, std::vector<int>{10}) << "no match in so few bytes lies further back";
  for (const int bits : {9, 8, 15, 9, 8}) (void)small.deflated(deflater, static_cast<std::uint8_t>(bits));
  EXPECT_EQ(deflater.asked, (std::vector<int>{10, 9, 8}));
}

TEST(DeliveryTest, HasAllItsFormsAtOnce) {
  FakeDeflater deflater;
  const Delivery delivery(LocalSlice(ws::encode_text_frame("x").slice()));
  EXPECT_EQ(as_text(delivery.deflated(deflater, 15).view()), "9:3");
  EXPECT_EQ(delivery.lines().text(), "a[\"x\"]\n");
  EXPECT_EQ(delivery.frames().size(), 3U);
}

}  // namespace
}  // namespace fanfare::core
