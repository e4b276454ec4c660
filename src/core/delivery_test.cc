#include "core/delivery.h"

#include <string>

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

}  // namespace
}  // namespace fanfare::core
