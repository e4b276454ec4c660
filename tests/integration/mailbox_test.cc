// A loop that does not keep up: publishers are answered 503 instead of filling the memory.
#include <algorithm>
#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

// Enough names that every loop is home to some.
std::string event_for_all_loops() {
  std::string body = R"({"name":"e","data":"1","channels":["c0")";
  for (int i = 1; i < 20; ++i) body += R"(,"c)" + std::to_string(i) + '"';
  return body + "]}";
}

class MailboxTest : public testing::Test {
 protected:
  // Holds a loop until release().
  void block(std::size_t loop) {
    std::promise<void> begun;
    server_.post(loop, [&begun, ended = released_.get_future().share()] {
      begun.set_value();
      ended.wait();
    });
    begun.get_future().wait();
  }
  void release() { released_.set_value(); }

  // A connection that the kernel gave to a loop that turns: whichever answers first.
  ApiClient* responsive_client() {
    for (int i = 0; i < 24; ++i) {
      clients_.push_back(std::make_unique<ApiClient>(server_.api()));
      clients_.back()->http().socket().send(HttpClient::request_text("GET", "/nothing", ""));
    }
    ApiClient* found = nullptr;
    wait_until("a loop answers", [&] {
      const auto answered = std::find_if(clients_.begin(), clients_.end(),
                                         [](const auto& client) { return client->http().socket().is_readable(); });
      if (answered != clients_.end()) found = answered->get();
      return found != nullptr;
    });
    found->http().read_response();
    return found;
  }

  TestServer server_{{.loops = 2, .server_lines = "mailbox_places = 64"}};
  std::promise<void> released_;
  std::vector<std::unique_ptr<ApiClient>> clients_;
};

TEST_F(MailboxTest, AFullMailboxRefusesPublishesWith503AndThenGoesOn) {
  block(0);
  ApiClient& api = *responsive_client();
  int accepted = 0;
  HttpResponse response;
  do {
    response = api.post("/events", event_for_all_loops());
    accepted += response.status == 200 ? 1 : 0;
  } while (response.status == 200 && accepted <= 64);
  EXPECT_EQ(response.status, 503);
  EXPECT_GT(accepted, 0);
  EXPECT_EQ(response.header("Retry-After"), "1");
  EXPECT_GE(server_.metric("fanfare_core_publishes_refused_total"), 1);
  EXPECT_GE(server_.metric("fanfare_loop_mailbox_tasks", R"(loop="0")"), 1);
  release();
  wait_until("publishing works again", [&] { return api.post("/events", event_for_all_loops()).status == 200; });
  wait_until("the mailbox is empty", [&] { return server_.metric("fanfare_loop_mailbox_tasks") == 0; });
}

TEST_F(MailboxTest, A503IsNotRememberedUnderItsIdempotencyKey) {
  block(0);
  ApiClient& api = *responsive_client();
  HttpResponse response;
  for (int i = 0; i <= 65 && response.status != 503; ++i) response = api.post("/events", event_for_all_loops());
  ASSERT_EQ(response.status, 503);
  release();
  wait_until("the repeated request is accepted", [&] {
    return api.post("/events", event_for_all_loops(), {{"Idempotency-Key", "again"}}).status == 200;
  });
}

}  // namespace
}  // namespace fanfare::test
