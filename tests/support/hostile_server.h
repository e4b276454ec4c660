// HostileTest: a server under attack and a well-behaved client beside it, whose events must go on arriving. In the end
// nothing of the attackers may be left.
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {

class HostileTest : public LoopsTest {
 protected:
  explicit HostileTest(const std::string& server_lines = {}) {
    start({{.settings = "client_events = true"}}, server_lines);
    witness_ = server().connect();
    EXPECT_EQ(witness_->subscribe_and_wait("private-witness"), subscription_succeeded("private-witness"));
  }

  // A round trip of the witness, and of a client and of requests that come now.
  void expect_others_unharmed() {
    const std::string number = std::to_string(++round_trips_);
    server().api().publish("private-witness", "e", number);
    EXPECT_EQ(witness_->next_text(), event_text("e", "private-witness", number));
    const auto newcomer = server().connect();
    EXPECT_EQ(newcomer->subscribe_and_wait("private-witness"), subscription_succeeded("private-witness"));
    newcomer->trigger("client-e", "private-witness", json_string(number));
    EXPECT_EQ(witness_->next_text(), event_text("client-e", "private-witness", number));
    EXPECT_EQ(server().api().get("/channels/private-witness").body, R"({"occupied":true})");
    EXPECT_EQ(witness_->unexpected(), "");
  }

  void TearDown() override {
    witness_.reset();
    server().wait_idle();
  }

 private:
  std::unique_ptr<PusherClient> witness_;
  int round_trips_ = 0;
};

}  // namespace fanfare::test
