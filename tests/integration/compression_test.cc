// permessage-deflate between a real server and clients that inflate for themselves; gzip for HTTP answers.
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deflate/deflater.h"
#include "support/hostile_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::Not;

// Without bounds on time, so that a busy machine changes nothing.
constexpr const char* kOn =
    "\n[compression]\nwebsocket = true\nmessage_bytes_min = 100\ncpu_percent_max = 100\nbusy_percent_max = 100\n";
const std::string kTakeover = std::string(kOn) + "server_context_takeover = true\nclient_context_takeover = true\n";
const WsOptions kAsBrowsers{.extensions = "permessage-deflate; client_max_window_bits"};

// JSON that repeats itself, and differs by `seed`.
std::string order(int seed, int lines = 20) {
  std::string text = R"({"order":)" + std::to_string(seed) + R"(,"lines":[)";
  for (int i = 0; i < lines; ++i) {
    text += R"({"sku":"A-)" + std::to_string((seed + i) * 7919 % 100'000) + R"(","amount":)" + std::to_string(i) + "},";
  }
  return text + "{}]}";
}

class CompressionTest : public LoopsTest {
 protected:
  std::unique_ptr<PusherClient> subscriber(const WsOptions& options, const std::string& channel = "orders") {
    auto client = server().connect(0, options);
    EXPECT_EQ(client->subscribe_and_wait(channel), subscription_succeeded(channel));
    return client;
  }
  void publish_and_expect(PusherClient& client, const std::string& data) {
    server().api().publish("orders", "e", data);
    EXPECT_EQ(client.next_text(), event_text("e", "orders", data));
  }
};
FANFARE_WITH_LOOPS(CompressionTest);

TEST_P(CompressionTest, IsNotSpokenUnlessSwitchedOn) {
  const auto client = subscriber(kAsBrowsers);
  EXPECT_THAT(client->response_head(), Not(HasSubstr("Sec-WebSocket-Extensions")));
  publish_and_expect(*client, order(1));
  client->send_frame({ws::Opcode::kText, true, ws::kRsv1}, "\x01");
  EXPECT_EQ(client->wait_closed().code, 1002);
}

TEST_P(CompressionTest, ABrowsersOfferIsTakenAndLongEventsComeDeflated) {
  start({TestApp{}}, kOn);
  const auto client = subscriber(kAsBrowsers);
  EXPECT_THAT(client->response_head(),
              HasSubstr("\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                        "client_no_context_takeover\r\n"));
  publish_and_expect(*client, "short");
  EXPECT_EQ(client->inflated(), 0U);
  for (int i = 0; i < 5; ++i) publish_and_expect(*client, order(i));
  EXPECT_EQ(client->inflated(), 5U);
  EXPECT_EQ(server().metric("fanfare_deflate_connections"), 1);
}

TEST_P(CompressionTest, AnEventIsDeflatedOnceALoopForAllWhoShareIt) {
  start({TestApp{}}, kOn);
  std::vector<std::unique_ptr<PusherClient>> clients;
  clients.reserve(20);
  for (int i = 0; i < 20; ++i) clients.push_back(subscriber(i % 4 == 0 ? WsOptions{} : kAsBrowsers));
  const double before = server().metric("fanfare_deflate_messages_total");
  for (int event = 0; event < 10; ++event) {
    server().api().publish("orders", "e", order(event));
    for (const auto& client : clients) EXPECT_EQ(client->next_text(), event_text("e", "orders", order(event)));
  }
  const double deflated = server().metric("fanfare_deflate_messages_total") - before;
  EXPECT_GE(deflated, 10);
  EXPECT_LE(deflated, 10 * GetParam());
  EXPECT_LT(server().metric("fanfare_deflate_bytes_total", "deflated"),
            server().metric("fanfare_deflate_bytes_total", "plain") / 2);
}

TEST_P(CompressionTest, EveryWindowThatIsOfferedIsKept) {
  start({TestApp{}}, kOn);
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int bits = 8; bits <= 15; ++bits) {
    const std::string parameter = "server_max_window_bits=" + std::to_string(bits);
    clients.push_back(subscriber({.extensions = "permessage-deflate; " + parameter}));
    EXPECT_THAT(clients.back()->response_head(), HasSubstr("; " + parameter + "\r\n"));
  }
  for (const int lines : {2, 12, 200}) {
    server().api().publish("orders", "e", order(lines, lines));
    for (const auto& client : clients) EXPECT_EQ(client->next_text(), event_text("e", "orders", order(lines, lines)));
  }
}

TEST_P(CompressionTest, WithTakeoverLaterMessagesAreSmaller) {
  start({{.settings = "client_events = true", .limits = "client_events_per_second = 0"}}, kTakeover);
  const auto client = subscriber(kAsBrowsers, "private-orders");
  EXPECT_THAT(client->response_head(), HasSubstr("\r\nSec-WebSocket-Extensions: permessage-deflate\r\n"));
  const auto other = subscriber(kAsBrowsers, "private-orders");
  const auto deflated_bytes = [&] { return server().metric("fanfare_deflate_bytes_total", "deflated"); };
  double first = 0;
  for (int i = 0; i < 30; ++i) {
    const double before = deflated_bytes();
    const std::string message =
        R"({"event":"client-e","channel":"private-orders","data":)" + json_string(order(7)) + "}";
    client->send_deflated(message);  // it refers to those before, too
    EXPECT_EQ(other->next_text(), event_text("client-e", "private-orders", order(7)));
    if (i == 0) first = deflated_bytes() - before;
    if (i == 29) {
      EXPECT_LT(deflated_bytes() - before, first / 5);
    }
  }
  EXPECT_EQ(other->inflated(), 30U);
}

TEST_P(CompressionTest, AClientThatWantsNoTakeoverGetsTheSharedForm) {
  start({TestApp{}}, kTakeover);
  const auto client = subscriber({.extensions = "permessage-deflate; server_no_context_takeover"});
  const auto keeping = subscriber(kAsBrowsers);
  EXPECT_THAT(client->response_head(), HasSubstr("permessage-deflate; server_no_context_takeover\r\n"));
  for (int i = 0; i < 20; ++i) {
    server().api().publish("orders", "e", order(i));
    EXPECT_EQ(client->next_text(), event_text("e", "orders", order(i)));
    EXPECT_EQ(keeping->next_text(), event_text("e", "orders", order(i)));
  }
}

TEST_P(CompressionTest, AClientMaySendDeflatedInFragments) {
  start({{.settings = "client_events = true"}}, kOn);
  const auto client = subscriber(kAsBrowsers, "private-orders");
  const auto other = subscriber({}, "private-orders");
  const std::string message = R"({"event":"client-e","channel":"private-orders","data":)" + json_string(order(3)) + "}";
  deflate::Deflater deflater(9);
  const std::string deflated(as_text(deflater.deflate(as_bytes(message), 15)));
  client->send_frame({ws::Opcode::kText, false, ws::kRsv1}, deflated.substr(0, 10));
  client->send_frame({ws::Opcode::kPing, true, 0}, "between");
  client->send_frame({ws::Opcode::kContinuation, false, 0}, deflated.substr(10, 20));
  client->send_frame({ws::Opcode::kContinuation, true, 0}, deflated.substr(30));
  EXPECT_EQ(other->next_text(), event_text("client-e", "private-orders", order(3)));
}

TEST_P(CompressionTest, AnAppMayGoWithout) {
  start({{.settings = "compression = false"}, {.id = "2", .key = "other"}}, kOn);
  const auto without = server().connect(0, kAsBrowsers);
  EXPECT_THAT(without->response_head(), Not(HasSubstr("Sec-WebSocket-Extensions")));
  const auto with = server().connect(1, kAsBrowsers);
  EXPECT_THAT(with->response_head(), HasSubstr("Sec-WebSocket-Extensions"));
  server().reload({TestApp{}, {.id = "2", .key = "other"}});
  const auto later = server().connect(0, kAsBrowsers);
  EXPECT_THAT(later->response_head(), HasSubstr("Sec-WebSocket-Extensions"));
}

TEST_P(CompressionTest, OffersThatCannotBeTakenAreDeclinedOneByOne) {
  start({TestApp{}}, kOn);
  const auto declined = server().connect(0, {.extensions = "permessage-deflate; server_max_window_bits=16"});
  EXPECT_THAT(declined->response_head(), Not(HasSubstr("Sec-WebSocket-Extensions")));
  const auto second =
      server().connect(0, {.extensions = "permessage-deflate; unknown, permessage-deflate; server_max_window_bits=10"});
  EXPECT_THAT(second->response_head(), HasSubstr("; server_max_window_bits=10\r\n"));
  try {
    (void)server().connect(0, {.extensions = "permessage-deflate; ="});
    FAIL() << "a header that breaks the grammar was taken";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("400 Bad Request"));
  }
}

TEST_P(CompressionTest, MetricsAreGzipForWhoTakesThem) {
  start();
  HttpClient client = server().metrics_client();
  const HttpResponse plain = client.get("/metrics");
  const HttpResponse gzip = client.get("/metrics", {{"Accept-Encoding", "gzip"}});
  EXPECT_EQ(plain.header("Content-Encoding"), "");
  EXPECT_EQ(gzip.header("Content-Encoding"), "gzip");
  EXPECT_EQ(gzip.header("Vary"), "Accept-Encoding");
  EXPECT_LT(gzip.body.size(), plain.body.size() / 4);
  EXPECT_THAT(gzip.body, testing::StartsWith("\x1f\x8b"));
}

class HostileDeflateTest : public HostileTest {
 protected:
  HostileDeflateTest() : HostileTest(kTakeover) {}

  void TearDown() override {
    attacker_.reset();
    HostileTest::TearDown();
  }
  std::string deflated(const std::string& text) { return std::string(as_text(deflater_.deflate(as_bytes(text), 15))); }
  // What the server says to it, which is the last that it says.
  void expect_close(ws::FrameKind kind, const std::string& payload, std::uint16_t code) {
    attacker_ = server().connect(0, kAsBrowsers);
    attacker_->send_frame(kind, payload);
    EXPECT_EQ(attacker_->wait_closed().code, code);
    expect_others_unharmed();
  }

  deflate::Deflater deflater_{9};
  std::unique_ptr<PusherClient> attacker_;
};
FANFARE_WITH_LOOPS(HostileDeflateTest);

std::string much_of(char letter) {
  std::string much;
  much.resize(50'000'000, letter);
  return much;
}

TEST_P(HostileDeflateTest, ABombIsStoppedAtTheLimitOfAMessage) {
  const std::string bomb = deflated(much_of('\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  expect_close({ws::Opcode::kText, true, ws::kRsv1}, bomb, 1009);
  expect_close({ws::Opcode::kBinary, true, ws::kRsv1}, deflated(std::string(102'401, ' ')), 1009);
}

TEST_P(HostileDeflateTest, ManyBombsAtOnce) {
  const std::string bomb = WsClient::frame({ws::Opcode::kText, true, ws::kRsv1}, deflated(much_of('x')));
  std::vector<std::unique_ptr<PusherClient>> attackers;
  attackers.reserve(20);
  for (int i = 0; i < 20; ++i) attackers.push_back(server().connect(0, kAsBrowsers));
  for (const auto& attacker : attackers) static_cast<void>(attacker->socket().try_send(bomb));
  expect_others_unharmed();
  for (const auto& attacker : attackers) EXPECT_EQ(attacker->wait_closed().code, 1009);
}

TEST_P(HostileDeflateTest, WhatIsNoDeflate) {
  expect_close({ws::Opcode::kText, true, ws::kRsv1}, std::string(1000, '\xFF'), 1007);
  expect_close({ws::Opcode::kText, true, ws::kRsv1}, "", 1007);
  expect_close({ws::Opcode::kText, true, ws::kRsv1}, deflated(order(1)).substr(0, 40), 1007);
}

TEST_P(HostileDeflateTest, ReservedBitsWhereTheyMayNotBe) {
  expect_close({ws::Opcode::kPing, true, ws::kRsv1}, "x", 1002);
  expect_close({ws::Opcode::kContinuation, true, ws::kRsv1}, "x", 1002);
  expect_close({ws::Opcode::kText, true, ws::kRsv2}, deflated(order(1)), 1002);
  expect_close({ws::Opcode::kText, true, ws::kRsv1 | ws::kRsv3}, deflated(order(1)), 1002);
}

}  // namespace
}  // namespace fanfare::test
