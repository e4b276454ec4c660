// HTTP fallbacks over real sockets: the same sessions as over WebSockets, carried by requests that may arrive on any
// loop. Source: REF 8
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/fallback_client.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using Client = std::unique_ptr<FallbackClient>;

class FallbackTest : public LoopsTest {
 protected:
  Client connect(FallbackKind kind = FallbackKind::kStreaming) {
    return std::make_unique<FallbackClient>(server().port(), server().app(), kind);
  }
  void publish(const std::string& channel, int number, const std::string& filler = {}) {
    if (api_ == nullptr) api_ = std::make_unique<ApiClient>(server().api());
    api_->publish(channel, "e", std::to_string(number) + filler);
  }
  static void expect_events(FallbackClient& client, const std::string& channel, int first, int last,
                            const std::string& filler = {}) {
    for (int i = first; i <= last; ++i) {
      ASSERT_EQ(client.next_text(), event_text("e", channel, std::to_string(i) + filler));
    }
  }

 private:
  std::unique_ptr<ApiClient> api_;
};

TEST_P(FallbackTest, AllKindsOfClientsMeetInAChannel) {
  start({{.settings = "client_events = true"}});
  const Client streaming = connect(FallbackKind::kStreaming);
  const Client polling = connect(FallbackKind::kPolling);
  const auto socket = server().connect();
  const std::string channel = "presence-room";
  const auto member = [](const char* id) { return R"({"user_id":")" + std::string(id) + R"("})"; };
  const auto added = [&](const char* id) {
    return member_added(channel, R"({"user_id":")" + std::string(id) + R"(","user_info":null})");
  };
  EXPECT_THAT(streaming->subscribe_and_wait(channel, member("a")), HasSubstr(R"(\"count\":1)"));
  EXPECT_THAT(polling->subscribe_and_wait(channel, member("b")), HasSubstr(R"(\"count\":2)"));
  EXPECT_THAT(socket->subscribe_and_wait(channel, member("c")), HasSubstr(R"(\"count\":3)"));
  EXPECT_EQ(streaming->next_text(), added("b"));
  EXPECT_EQ(streaming->next_text(), added("c"));
  EXPECT_EQ(polling->next_text(), added("c"));

  publish(channel, 1);
  const std::string event = event_text("e", channel, "1");
  EXPECT_EQ(streaming->next_text(), event);
  EXPECT_EQ(polling->next_text(), event);
  EXPECT_EQ(socket->next_text(), event);

  polling->send_text(trigger_command("client-typing", channel, R"({"on":true})"));
  const std::string typing =
      R"({"event":"client-typing","channel":"presence-room","data":"{\"on\":true}","user_id":"b"})";
  EXPECT_EQ(streaming->next_text(), typing);
  EXPECT_EQ(socket->next_text(), typing);
  socket->trigger("client-typing", channel, R"({"on":true})");
  const std::string of_socket =
      R"({"event":"client-typing","channel":"presence-room","data":"{\"on\":true}","user_id":"c"})";
  EXPECT_EQ(streaming->next_text(), of_socket);
  EXPECT_EQ(polling->next_text(), of_socket);
  EXPECT_EQ(polling->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_session_fallback_sessions"), 2);
}

TEST_P(FallbackTest, TheSenderIsLeftOut) {
  const Client client = connect();
  client->subscribe_and_wait("c");
  ApiClient api = server().api();
  api.publish("c", "e", "1", client->socket_id());
  api.publish("c", "e", "2");
  EXPECT_EQ(client->next_text(), event_text("e", "c", "2"));
}

// Sessions live on the loop that their name gives, so with three loops two of three connections move.
TEST_P(FallbackTest, EveryRequestFindsItsSession) {
  std::vector<Client> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(connect(i % 2 == 0 ? FallbackKind::kStreaming : FallbackKind::kPolling));
    EXPECT_EQ(clients.back()->subscribe_and_wait("c"), subscription_succeeded("c"));
  }
  for (int i = 1; i <= 20; ++i) publish("c", i);
  for (const Client& client : clients) expect_events(*client, "c", 1, 20);
  for (const Client& client : clients) EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_session_established_total"), 30);
  if (GetParam() == 1) {
    EXPECT_EQ(server().metric("fanfare_http_moved_connections_total"), 0);
  } else {
    EXPECT_GT(server().metric("fanfare_http_moved_connections_total"), 0);
  }
}

// One connection for the sends of many sessions, as a proxy keeps it: it follows them from loop to loop.
TEST_P(FallbackTest, OneConnectionServesSessionsOfAllLoops) {
  std::vector<Client> clients;
  clients.reserve(12);
  for (int i = 0; i < 12; ++i) clients.push_back(connect());
  HttpClient proxy(server().port());
  for (int round = 0; round < 5; ++round) {
    for (const Client& client : clients) {
      const std::string body = "[" + json_string(kPingCommand) + "]";
      EXPECT_EQ(proxy.request("POST", client->path("xhr_send"), body).status, 204);
      EXPECT_EQ(client->next_text(), kPongEvent);
    }
  }
}

TEST_P(FallbackTest, APipelineOfOneSessionIsAnsweredInOrder) {
  const Client client = connect();
  std::string requests;
  constexpr int kRequests = 50;
  for (int i = 0; i < kRequests; ++i) {
    // Answered by name, with an error.
    const std::string message = R"({"event":"no-event-)" + std::to_string(i) + "\"}";
    requests += HttpClient::request_text("POST", client->path("xhr_send"), "[" + json_string(message) + "]");
  }
  HttpClient sender(server().port());
  sender.socket().send(requests);
  for (int i = 0; i < kRequests; ++i) EXPECT_EQ(sender.read_response().status, 204);
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_THAT(client->next_text(), HasSubstr("no-event-" + std::to_string(i)));
  }
}

// What a pipeline has for another loop is not answered wrongly: 421, and the connection ends.
TEST_P(FallbackTest, APipelineOfManySessionsIsAnsweredOrClosed) {
  std::vector<Client> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i) clients.push_back(connect());
  std::string requests;
  for (const Client& client : clients) {
    requests += HttpClient::request_text("POST", client->path("xhr_send"), "[" + json_string(kPingCommand) + "]");
  }
  HttpClient sender(server().port());
  sender.socket().send(requests);
  std::size_t answered = 0;
  HttpResponse response;
  do {
    response = sender.read_response();
    answered += response.status == 204 ? 1 : 0;
  } while (response.status == 204 && answered < clients.size());
  if (response.status != 204) {
    EXPECT_EQ(response.status, 421);
    EXPECT_EQ(response.header("Connection"), "close");
    EXPECT_TRUE(sender.ends_quietly());
  }
  if (GetParam() == 1) {
    EXPECT_EQ(answered, clients.size());
  }
  for (std::size_t i = 0; i < answered; ++i) EXPECT_EQ(clients[i]->next_text(), kPongEvent);
  for (std::size_t i = answered; i < clients.size(); ++i) EXPECT_EQ(clients[i]->unexpected(), "");
}

TEST_P(FallbackTest, ARequestInPiecesFindsItsSessionToo) {
  const Client client = connect();
  const std::string body = "[" + json_string(kPingCommand) + "]";
  const std::string request = HttpClient::request_text("POST", client->path("xhr_send"), body);
  for (const std::size_t size : {1UL, 7UL, 100UL}) {
    HttpClient sender(server().port());
    for (std::size_t at = 0; at < request.size(); at += size) sender.socket().send(request.substr(at, size));
    EXPECT_EQ(sender.read_response().status, 204);
    EXPECT_EQ(client->next_text(), kPongEvent);
  }
}

// The client goes away and comes back all the time, while events come all the time.
TEST_P(FallbackTest, NothingIsLostDoubledOrReorderedWhereTheClientAsksAgain) {
  for (const FallbackKind kind : {FallbackKind::kStreaming, FallbackKind::kPolling}) {
    const Client client = connect(kind);
    client->subscribe_and_wait("c");
    constexpr int kEvents = 400;
    std::thread publisher([&] {
      ApiClient api = server().api();
      for (int i = 1; i <= kEvents; ++i) api.publish("c", "e", std::to_string(i));
    });
    // A client that has read everything up to here may give the request up: only what it was not sent is still owed.
    for (int i = 1; i <= kEvents; ++i) {
      const std::string text = client->next_text();
      EXPECT_EQ(text, event_text("e", "c", std::to_string(i)));
      if (text != event_text("e", "c", std::to_string(i))) break;
    }
    publisher.join();
    client->stop_receiving();
    for (int i = kEvents + 1; i <= kEvents + 50; ++i) publish("c", i);
    client->receive_again();
    expect_events(*client, "c", kEvents + 1, kEvents + 50);
    EXPECT_EQ(client->unexpected(), "");
  }
}

// As pusher-js does beyond 262,144 characters: at a line's end, with nothing unread.
TEST_P(FallbackTest, AStreamThatGrewLongIsTakenUpByTheNext) {
  start({{.limits = "send_queue_bytes = 16777216"}});
  const Client client = connect();
  client->subscribe_and_wait("c");
  const std::string filler = "," + std::string(8000, 'x');
  constexpr int kEvents = 200;
  std::thread publisher([&] {
    ApiClient api = server().api();
    for (int i = 1; i <= kEvents; ++i) api.publish("c", "e", std::to_string(i) + filler);
  });
  int streams = 1;
  for (int i = 1; i <= kEvents; ++i) {
    const std::string text = client->next_text();
    EXPECT_EQ(text, event_text("e", "c", std::to_string(i) + filler));
    if (text != event_text("e", "c", std::to_string(i) + filler)) break;
    if (client->is_at_line_end() && client->stream_size() > 256UL * 1024) {
      client->receive_again();
      ++streams;
    }
  }
  publisher.join();
  EXPECT_GE(streams, 5);
  EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_session_established_total"), 1);
}

TEST_P(FallbackTest, ASessionWithoutRequestsEnds) {
  start({TestApp{}}, "fallback_disconnect_seconds = 1");
  const auto witness = server().connect();
  witness->subscribe_and_wait("presence-room", R"({"user_id":"witness"})");
  for (const FallbackKind kind : {FallbackKind::kStreaming, FallbackKind::kPolling}) {
    const Client client = connect(kind);
    client->subscribe_and_wait("presence-room", R"({"user_id":"guest"})");
    EXPECT_THAT(witness->next_text(), HasSubstr("member_added"));
    client->stop_receiving();
    EXPECT_EQ(witness->next_text(), member_removed("presence-room", "guest"));
    EXPECT_EQ(client->send_body("[]"), 404);
  }
  EXPECT_EQ(server().metric("fanfare_session_fallback_expired_total"), 2);
}

TEST_P(FallbackTest, ABackendEndsThem) {
  const Client client = connect();
  client->send_text(signin_command(server().app(), client->socket_id(), R"({"id":"u"})"));
  EXPECT_THAT(client->next_text(), HasSubstr("signin_success"));
  EXPECT_EQ(server().api().post("/users/u/terminate_connections", "{}").status, 200);
  const FallbackClosed closed = client->wait_closed();
  EXPECT_EQ(closed.code, 4009);
  EXPECT_THROW((void)client->next_line(), std::runtime_error);  // the stream ends behind it
}

TEST_P(FallbackTest, QuotasCountThem) {
  start({{.limits = "connections = 2"}});
  const Client first = connect();
  const Client second = connect(FallbackKind::kPolling);
  HttpClient http(server().port());
  const HttpResponse refused =
      http.request("POST", "/pusher/app/app-key/1/other/xhr?protocol=7", "", {{"Content-Length", "0"}});
  EXPECT_THAT(refused.body, StartsWith("o\nc[4004,"));
}

TEST_P(FallbackTest, AnUnknownKeyIsToldAsPusherTells) {
  HttpClient http(server().port());
  const HttpResponse refused =
      http.request("POST", "/pusher/app/other/1/abc/xhr?protocol=7", "", {{"Content-Length", "0"}});
  EXPECT_EQ(refused.status, 200);
  EXPECT_THAT(refused.body, StartsWith("o\nc[4001,\"App key other not in this cluster."));
}

TEST_P(FallbackTest, ASlowConsumerIsClosed) {
  start({{.limits = "send_queue_bytes = 65536"}});
  const Client slow = connect();
  slow->subscribe_and_wait("c");
  slow->stop_receiving();
  int published = 0;
  wait_until("its queue is full", [&] {
    for (int i = 0; i < 20; ++i) publish("c", published++, std::string(5000, 'x'));
    return server().metric("fanfare_session_slow_consumers_total") > 0;
  });
  slow->receive_again();
  EXPECT_EQ(slow->wait_closed().code, 4100);
  EXPECT_EQ(server().metric("fanfare_session_slow_consumers_total"), 1);
}

TEST_P(FallbackTest, WhoStaysAndDoesNotReadIsBoundedToo) {
  start({{.limits = "send_queue_bytes = 65536"}});
  const Client slow = std::make_unique<FallbackClient>(server().port(), server().app(), FallbackKind::kStreaming,
                                                       FallbackClient::unique_session(), 4096);
  slow->subscribe_and_wait("c");
  int published = 0;
  wait_until("it is closed", [&] {
    for (int i = 0; i < 20; ++i) publish("c", published++, std::string(9000, 'x'));
    return server().metric("fanfare_session_slow_consumers_total") > 0;
  });
}

TEST_P(FallbackTest, ADrainClosesThemAndNoConnectionStays) {
  start({TestApp{}}, "drain_seconds = 0");
  Client streaming = connect();
  Client polling = connect(FallbackKind::kPolling);
  server().server().begin_drain();
  EXPECT_EQ(streaming->wait_closed().code, 4200);
  streaming.reset();
  polling.reset();
  wait_until("no sockets", [&] { return server().server().is_drained(); });
}

TEST_P(FallbackTest, AReloadTakesTheirAppAway) {
  const Client client = connect();
  server().reload({{.id = "2", .key = "another"}});
  EXPECT_EQ(client->wait_closed().code, 4001);
}

TEST_P(FallbackTest, HostileBodiesChangeNothing) {
  const Client client = connect();
  HttpClient http(server().port());
  const std::string deep = std::string(5000, '[');
  for (const std::string& body :
       {std::string("["), deep, std::string("[\"\xFF\xFE\"]"), std::string("{\"a\":1}"), std::string("[null]"),
        std::string("[\"\\ud800\"]"), std::string(1, '\0'), "[\"" + std::string(90'000, '\\') + "\"x"}) {
    EXPECT_EQ(http.request("POST", client->path("xhr_send"), body).status, 500);
  }
  EXPECT_EQ(http.request("POST", client->path("xhr_send"), "", {{"Content-Length", "0"}}).body, "Payload expected.\n");
  EXPECT_EQ(http.request("POST", "/pusher/app/app-key/../../xhr_send", "[]").status, 404);
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(FallbackTest, ClientsOfHttp10AreServed) {
  TestSocket socket(server().port());
  socket.send("POST /pusher/app/app-key/1/old/xhr_streaming?protocol=7 HTTP/1.0\r\n\r\n");
  std::string received;
  while (received.find("connection_established") == std::string::npos) ASSERT_TRUE(socket.receive(received));
  EXPECT_THAT(received, HasSubstr("\r\n\r\nhhhh"));
  EXPECT_EQ(received.find("Transfer-Encoding"), std::string::npos);
  HttpClient http(server().port());
  http.socket().send("POST /pusher/app/app-key/1/old/xhr_send HTTP/1.0\r\nContent-Length: 2\r\n\r\n[]");
  EXPECT_EQ(http.read_response().status, 204);
  EXPECT_TRUE(http.ends_quietly());
}

TEST_P(FallbackTest, TheyCanBeTurnedOffAndBeElsewhere) {
  start({TestApp{}}, R"(fallback_paths = ["/a", "/b/c"])");
  for (const char* path : {"/a/info", "/b/c/info"}) {
    EXPECT_EQ(HttpClient(server().port()).get(path).status, 200) << path;
  }
  EXPECT_EQ(HttpClient(server().port()).get("/pusher/info").status, 404);
}

TEST(FallbackSwitchTest, Off) {
  const TestServer server({.server_lines = "fallback_enabled = false"});
  EXPECT_EQ(HttpClient(server.port()).get("/pusher/info").status, 404);
}

// Between two polls a client's connection is like anyone's, and still it takes no place from those that publish.
TEST(FallbackPlacesTest, PollingClientsDoNotCrowdOutTheBackend) {
  const TestServer server({.server_lines = "http_connections_max_per_loop = 2"});
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    const std::string url = "/pusher/app/app-key/417/poller" + std::to_string(i) + "/xhr?protocol=7";
    ASSERT_THAT(clients.back()->request("POST", url, {}).body, HasSubstr("pusher:connection_established")) << i;
  }
  server.api().publish("public", "e", "data");
}

// Many clients that come, go, and ask again at once, from many threads: for the sanitizers.
TEST_P(FallbackTest, ManyClientsAtOnce) {
  start({{.settings = "client_events = true", .limits = "client_events_per_second = 0"}});
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  std::atomic<int> done{0};
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int round = 0; round < 5; ++round) {
        const FallbackKind kind = (thread + round) % 2 == 0 ? FallbackKind::kStreaming : FallbackKind::kPolling;
        FallbackClient client(server().port(), server().app(), kind);
        const std::string channel = "private-" + std::to_string(thread);
        client.subscribe_and_wait(channel);
        for (int i = 0; i < 10; ++i) client.send_text(trigger_command("client-x", channel, "{}"));
        client.stop_receiving();
        client.receive_again();
        if (client.unexpected().empty()) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kThreads * 5);
}

FANFARE_WITH_LOOPS(FallbackTest);

}  // namespace
}  // namespace fanfare::test
