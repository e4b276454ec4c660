#include "sockjs/info.h"

#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

TEST(InfoTest, SaysWhatClientsDecideBy) {
  EXPECT_EQ(
      info_json({.has_websocket = false, .entropy = 7, .heartbeat_interval = std::chrono::seconds{25}}),
      R"({"websocket":false,"origins":["*:*"],"cookie_needed":false,"entropy":7,"server_heartbeat_interval":25000})");
}

}  // namespace
}  // namespace fanfare::sockjs
