// What was posted before a client's bytes arrived is done before they are handed out.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

class InputGateTest : public StreamTest {
 protected:
  RecordingHandler first_;
  RecordingHandler second_;
};

// A publish was answered before it was carried out at the channel's home; a subscribe that its client sent afterwards
// overtook it, because both were found in one turn.
TEST_F(InputGateTest, APostMadeInTheTurnComesBeforeBytesThatAreReadLaterInIt) {
  auto [first, first_peer] = connect(first_);
  auto [second, second_peer] = connect(second_);
  std::string order;
  first_.action = [&](MutableBytes) {
    if (order.empty()) loop().post([&] { order += "task "; });
    order += "bytes ";
  };
  second_.action = first_.action;
  first_peer.send("x");
  second_peer.send("x");
  ASSERT_TRUE(turn_until([&] { return first_.calls + second_.calls == 2; }));
  EXPECT_EQ(order, "bytes task bytes ");
}

TEST_F(InputGateTest, TheTaskMayDestroyTheStreamWhoseBytesWait) {
  auto [first, first_peer] = connect(first_);
  auto [second, second_peer] = connect(second_);
  const auto destroy_other = [this](std::unique_ptr<Stream>& other) { loop().post([&other] { other.reset(); }); };
  first_.action = [&, &other = second](MutableBytes) { destroy_other(other); };
  second_.action = [&, &other = first](MutableBytes) { destroy_other(other); };
  first_peer.send("x");
  second_peer.send("x");
  ASSERT_TRUE(turn_until([&, &a = first, &b = second] { return a == nullptr || b == nullptr; }));
  turn();
  EXPECT_EQ(first_.calls + second_.calls, 1U);
}

}  // namespace
}  // namespace fanfare::net
