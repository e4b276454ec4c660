// Fallback sessions on one loop, over real sockets. Source: REF 8.4 to 8.8
#include "session/fallback_session.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "session/fallback_test_support.h"

namespace fanfare::session {
namespace {

using httpd::TestClient;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

constexpr std::string_view kQuery = "?protocol=7&client=js&version=8.6.0&t=1&n=1";
const std::string kPrelude = std::string(2048, 'h') + "\n";

std::string line_of(std::string_view message) { return "a[" + json_string(message) + "]\n"; }
std::string event_line(std::string_view data) {
  return line_of(R"({"event":"e","channel":"c","data":)" + std::string(data) + "}");
}

class FallbackSessionTest : public testing::Test, public FallbackFixture {
 protected:
  // A stream that has shown its greeting.
  TestClient open_stream(const std::string& session) {
    TestClient client = connect_http();
    client.send(post(session + "/xhr_streaming" + std::string(kQuery)));
    EXPECT_TRUE(receive_until(client, [&] {
      return read_answer(client.received).body.find("connection_established") != std::string::npos;
    })) << client.received;
    return client;
  }
  HttpAnswer send(const std::string& session, std::string_view body) {
    TestClient client = connect_http();
    return ask(client, post(session + "/xhr_send?t=1&n=2", body));
  }
  void subscribe(const std::string& session, TestClient& receiver, const std::string& channel = "c") {
    EXPECT_EQ(
        send(session, "[" + json_string(R"({"event":"pusher:subscribe","data":{"channel":")" + channel + "\"}}") + "]")
            .status,
        204);
    EXPECT_TRUE(receive_lines(receiver, line_of(succeeded(channel))));
  }
  void publish(std::string_view data) {
    ASSERT_TRUE(loops.publish(0, app, "c", data).ok());
    loops.settle();
  }
  void pass_time(std::chrono::seconds time) {
    for (; time > std::chrono::seconds{0}; time -= std::chrono::seconds{1}) {
      loops.clock.advance(std::chrono::seconds{1});
      for (int i = 0; i < 3; ++i) loop->turn(std::chrono::milliseconds{0});
    }
  }
  // Let what clients did arrive.
  void turn_some() {
    for (int i = 0; i < 20; ++i) {
      loop->turn(std::chrono::milliseconds{1});
      loops.settle();
    }
  }
};

TEST_F(FallbackSessionTest, AStreamBeginsWithPreludeOpenAndGreeting) {
  TestClient client = open_stream(session_path());
  const HttpAnswer answer = read_answer(client.received);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.head, HasSubstr("Content-Type: application/javascript; charset=UTF-8\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("Access-Control-Allow-Origin: *\r\n"));
  EXPECT_THAT(answer.head, HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(answer.head, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(answer.body, StartsWith(kPrelude + "o\na[\"{\\\"event\\\":\\\"pusher:connection_established\\\""));
  EXPECT_EQ(stats.connections.value(), 1);
  EXPECT_EQ(stats.fallback_sessions.value(), 1);
}

TEST_F(FallbackSessionTest, EventsComeAsTheyArePublished) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  publish("\"1\"");
  publish("\"2\"");
  EXPECT_TRUE(receive_lines(client, event_line("\"1\"") + event_line("\"2\"")));
}

TEST_F(FallbackSessionTest, AnEventIsEscapedOnceForAll) {
  TestClient first = open_stream(session_path(0));
  TestClient second = open_stream(session_path(1));
  subscribe(session_path(0), first);
  subscribe(session_path(1), second);
  publish("\"x\"");
  EXPECT_TRUE(receive_lines(first, event_line("\"x\"")));
  EXPECT_TRUE(receive_lines(second, event_line("\"x\"")));
}

TEST_F(FallbackSessionTest, APollIsAnsweredByWhatComes) {
  const std::string session = session_path();
  const std::string poll = post(session + "/xhr" + std::string(kQuery));
  TestClient client = connect_http();
  const HttpAnswer first = ask(client, poll);
  EXPECT_THAT(first.body, StartsWith("o\na[\"{\\\"event\\\":\\\"pusher:connection_established"));
  EXPECT_THAT(first.head, HasSubstr("Content-Length: "));
  client.send(poll);
  EXPECT_EQ(send(session, R"(["{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"c\"}}"])").status, 204);
  EXPECT_EQ(take_answer(client).body, line_of(succeeded("c")));
  publish("\"1\"");  // nobody waits now
  publish("\"2\"");
  EXPECT_EQ(ask(client, poll).body, event_line("\"1\"") + event_line("\"2\""));
  EXPECT_EQ(client.received, "");
}

TEST_F(FallbackSessionTest, AnotherReceiverGoesOnWhereTheLastLeftOff) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  client.close();
  turn_some();
  publish("\"1\"");
  publish("\"2\"");
  TestClient next = connect_http();
  next.send(post(session + "/xhr_streaming" + std::string(kQuery)));
  ASSERT_TRUE(receive_lines(next, event_line("\"2\"")));
  EXPECT_EQ(read_answer(next.received).body, kPrelude + event_line("\"1\"") + event_line("\"2\""));
  publish("\"3\"");
  EXPECT_TRUE(receive_lines(next, event_line("\"2\"") + event_line("\"3\"")));
  EXPECT_EQ(stats.established.value(), 1U);
}

TEST_F(FallbackSessionTest, TheNewestReceiverWins) {
  const std::string session = session_path();
  TestClient old = open_stream(session);
  subscribe(session, old);
  TestClient next = connect_http();
  next.send(post(session + "/xhr_streaming" + std::string(kQuery)));
  ASSERT_TRUE(receive_lines(next, kPrelude));
  EXPECT_TRUE(receive_until(old, [&] { return read_answer(old.received).is_whole; }));
  publish("\"1\"");
  EXPECT_TRUE(receive_lines(next, kPrelude + event_line("\"1\"")));
  EXPECT_THAT(old.received, Not(HasSubstr("\\\"1\\\"")));
}

// What the old answer's connection still holds is taken back, so the old answer must not pretend to be whole.
TEST_F(FallbackSessionTest, WhatASlowClientHasNotTakenComesAgainWholeAndInOrder) {
  app_settings.limits.send_queue_bytes = 64 << 20;
  app_settings.limits.event_data_bytes = 0;
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  const std::string filler(100'000, 'x');
  // More than sockets take, and below what pusher-js gives up at: the stream is slow, not full.
  for (int i = 0; i < 3; ++i) publish("\"" + std::to_string(i) + filler + "\"");
  turn_some();
  client.close();
  turn_some();
  TestClient next = connect_http();
  next.send(post(session + "/xhr_streaming" + std::string(kQuery)));
  publish("\"last\"");
  ASSERT_TRUE(receive_lines(next, event_line("\"last\"")));
  const std::string body = read_answer(next.received).body;
  EXPECT_THAT(body, StartsWith(kPrelude));
  // Whole lines only, each at most once, in order.
  std::string rest = body.substr(kPrelude.size());
  int expected = -1;
  while (!rest.empty() && rest != event_line("\"last\"")) {
    int found = expected + 1;
    while (found < 3 && !rest.starts_with(event_line("\"" + std::to_string(found) + filler + "\""))) ++found;
    ASSERT_LT(found, 3) << rest.substr(0, 200);
    expected = found;
    rest.erase(0, event_line("\"" + std::to_string(found) + filler + "\"").size());
  }
  EXPECT_EQ(rest, event_line("\"last\""));
}

// pusher-js aborts a stream at the first line end beyond 262,144 characters and asks again: from there on nothing may
// be written that it would lose.
TEST_F(FallbackSessionTest, AStreamOfPusherJsStopsWherePusherJsGivesItUp) {
  app_settings.limits.send_queue_bytes = 64 << 20;
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  const std::string text(4000, 'x');
  for (int i = 0; i < 100; ++i) publish("\"" + std::to_string(i) + text + "\"");
  const auto characters = [&] { return read_answer(client.received).body.size(); };
  ASSERT_TRUE(receive_until(client, [&] { return characters() > 262'144; }));
  turn_some();
  client.receive();
  const std::string body = read_answer(client.received).body;
  EXPECT_TRUE(body.ends_with("\n"));
  EXPECT_LE(body.rfind('\n', body.size() - 2) + 1, 256U * 1024);  // without its last line it is not beyond
  client.close();
  TestClient next = connect_http();
  next.send(post(session + "/xhr_streaming" + std::string(kQuery)));
  ASSERT_TRUE(receive_lines(next, event_line("\"99" + text + "\"")));
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += event_line("\"" + std::to_string(i) + text + "\"");
  const std::string all = body + read_answer(next.received).body.substr(kPrelude.size());
  EXPECT_TRUE(all.ends_with(expected));
}

TEST_F(FallbackSessionTest, AFullStreamThatNobodyGivesUpEnds) {
  const std::string session = session_path();
  app_settings.limits.send_queue_bytes = 64 << 20;
  app_settings.limits.event_data_bytes = 0;
  TestClient client = open_stream(session);
  subscribe(session, client);
  publish("\"" + std::string(300'000, 'x') + "\"");
  publish("\"next\"");
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).body.size() > 300'000; }));
  EXPECT_FALSE(read_answer(client.received).is_whole);
  pass_time(options.fallback.heartbeat + std::chrono::seconds{1});
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  TestClient next = connect_http();
  EXPECT_EQ(ask(next, post(session + "/xhr")).body, event_line("\"next\""));
}

TEST_F(FallbackSessionTest, WithoutAReceiverASessionEnds) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  client.close();
  turn_some();
  pass_time(options.fallback.disconnect - std::chrono::seconds{2});
  EXPECT_EQ(stats.connections.value(), 1);
  pass_time(std::chrono::seconds{4});
  EXPECT_EQ(stats.connections.value(), 0);
  EXPECT_EQ(stats.fallback_sessions.value(), 0);
  EXPECT_EQ(stats.fallback_expired.value(), 1U);
  EXPECT_EQ(stats.closed_by_client.value(), 1U);
  EXPECT_EQ(connections().size(), 0U);
  loops.settle();
  EXPECT_EQ(loops[0].stats().subscriptions.value(), 0);
  EXPECT_EQ(send(session, "[]").status, 404);
}

TEST_F(FallbackSessionTest, PollsKeepASessionAlive) {
  const std::string poll = post(session_path() + "/xhr" + std::string(kQuery));
  TestClient client = connect_http();
  (void)ask(client, poll);
  for (int i = 0; i < 10; ++i) {
    pass_time(options.fallback.disconnect / 2);
    client.send(poll);
    turn_some();
    pass_time(options.fallback.heartbeat + std::chrono::seconds{1});
    EXPECT_EQ(take_answer(client).body, "h\n");
  }
  EXPECT_EQ(stats.connections.value(), 1);
}

TEST_F(FallbackSessionTest, ASilentStreamGetsHeartbeats) {
  TestClient client = open_stream(session_path());
  pass_time(options.fallback.heartbeat + std::chrono::seconds{1});
  ASSERT_TRUE(receive_lines(client, "]\nh\n"));
  pass_time(options.fallback.heartbeat + std::chrono::seconds{1});
  EXPECT_TRUE(receive_lines(client, "]\nh\nh\n"));
}

TEST_F(FallbackSessionTest, WhoDoesNotAnswerIsPingedAndClosed) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  pass_time(options.activity_timeout + std::chrono::seconds{1});
  ASSERT_TRUE(receive_lines(client, line_of(R"({"event":"pusher:ping","data":{}})")));
  EXPECT_EQ(send(session, "[]").status, 204);  // a sign of life
  pass_time(options.pong_timeout + std::chrono::seconds{1});
  EXPECT_EQ(stats.connections.value(), 1);
  pass_time(options.activity_timeout + options.pong_timeout);
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  EXPECT_THAT(read_answer(client.received).body, HasSubstr("c[4201,"));
}

TEST_F(FallbackSessionTest, ARefusalIsOpenedAndClosed) {
  TestClient client = connect_http();
  const std::string session = session_path(0, "app/other/");
  const HttpAnswer stream = ask(client, post(session + "/xhr_streaming" + std::string(kQuery)));
  EXPECT_THAT(stream.body, MatchesRegex("h+\no\nc\\[4001,\"App key other not in this cluster.*\"\\]\n"));
  EXPECT_EQ(stream.status, 200);
  const HttpAnswer poll = ask(client, post(session_path(1, "app/other/") + "/xhr?protocol=5"));
  EXPECT_THAT(poll.body, MatchesRegex("o\na\\[.*pusher:error.*4001.*\\]\nc\\[4001,.*\\]\n"));
  turn_some();
  EXPECT_EQ(stats.fallback_sessions.value(), 0);
  EXPECT_EQ(fallback().table.waiting, 0U);
  EXPECT_EQ(connections().size(), 0U);
}

TEST_F(FallbackSessionTest, AClosedSessionTellsItAgainForAWhile) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  connections().for_each([](OwnedConnection& connection) { connection.drain(); });
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  EXPECT_TRUE(read_answer(client.received).body.ends_with("c[4200,\"Please reconnect immediately\"]\n"));
  EXPECT_EQ(stats.connections.value(), 0);
  TestClient next = connect_http();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(ask(next, post(session + "/xhr")).body, "c[4200,\"Please reconnect immediately\"]\n");
  }
  EXPECT_EQ(send(session, "[]").status, 404);
  pass_time(options.fallback.disconnect + std::chrono::seconds{1});
  EXPECT_EQ(stats.fallback_sessions.value(), 0);
}

TEST_F(FallbackSessionTest, BodiesThatAreNoMessages) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  const HttpAnswer empty = send(session, "");
  EXPECT_EQ(empty.status, 500);
  EXPECT_EQ(empty.body, "Payload expected.\n");
  EXPECT_EQ(send(session, "[\"x").body, "Broken JSON encoding.\n");
  EXPECT_EQ(send(session, "[1]").status, 500);
  EXPECT_EQ(send(session, R"(["no event"])").status, 204);
  EXPECT_TRUE(receive_until(client, [&] { return client.received.find("pusher:error") != std::string::npos; }));
  EXPECT_EQ(send(session_path(7), "[]").status, 404);
}

TEST_F(FallbackSessionTest, AMessageThatIsTooLongCloses) {
  const std::string session = session_path();
  TestClient client = open_stream(session);
  EXPECT_EQ(send(session, "[\"" + std::string(options.message_bytes_max + 1, 'x') + "\"]").status, 204);
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  EXPECT_THAT(read_answer(client.received).body, HasSubstr("c[1009,"));
}

TEST_F(FallbackSessionTest, WhoDoesNotKeepUpIsClosed) {
  app_settings.limits.send_queue_bytes = 65'536;
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  client.close();
  turn_some();
  for (int i = 0; i < 100; ++i) publish("\"" + std::string(1000, 'x') + "\"");
  EXPECT_EQ(stats.slow_consumers.value(), 1U);
  TestClient next = connect_http();
  EXPECT_THAT(ask(next, post(session + "/xhr")).body, HasSubstr("c[4100,\"Slow consumer"));
}

TEST_F(FallbackSessionTest, OrLosesTheOldestEvents) {
  app_settings.limits.send_queue_bytes = 65'536;
  app_settings.slow_consumer = core::SlowConsumerPolicy::kDropOldest;
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  client.close();
  turn_some();
  for (int i = 0; i < 100; ++i) publish("\"" + std::to_string(i) + std::string(1000, 'x') + "\"");
  TestClient next = connect_http();
  const HttpAnswer answer = ask(next, post(session + "/xhr"));
  EXPECT_TRUE(answer.body.ends_with(event_line("\"99" + std::string(1000, 'x') + "\"")));
  EXPECT_THAT(answer.body, Not(HasSubstr("\\\"0x")));
  EXPECT_GT(stats.events_dropped.value(), 0U);
  EXPECT_EQ(stats.slow_consumers.value(), 0U);
}

// Above the high mark it is not read, up to a bound.
TEST_F(FallbackSessionTest, WhoAsksWithoutReadingWaits) {
  app_settings.limits.send_queue_bytes = 65'536;
  options.fallback.held_bytes_max = 1024;
  const std::string session = session_path();
  TestClient client = open_stream(session);
  subscribe(session, client);
  client.close();
  turn_some();
  for (int i = 0; i < 20; ++i) publish("\"" + std::string(1000, 'x') + "\"");
  TestClient sender = connect_http();
  sender.send(post(session + "/xhr_send", R"(["{\"event\":\"pusher:ping\"}"])"));
  turn_some();
  sender.receive();
  EXPECT_EQ(sender.received, "");
  TestClient next = connect_http();
  EXPECT_THAT(ask(next, post(session + "/xhr")).body, Not(HasSubstr("pusher:pong")));
  EXPECT_EQ(take_answer(sender).status, 204);
  EXPECT_EQ(ask(next, post(session + "/xhr")).body, line_of(R"({"event":"pusher:pong","data":"{}"})"));
  EXPECT_EQ(stats.slow_consumers.value(), 0U);
}

TEST_F(FallbackSessionTest, ToHttp10TheStreamIsNotInChunks) {
  TestClient client = connect_http();
  client.send(post(session_path() + "/xhr_streaming" + std::string(kQuery), "", "1.0"));
  ASSERT_TRUE(receive_until(client, [&] { return client.received.ends_with("}\"]\n"); }));
  EXPECT_THAT(client.received, HasSubstr("\r\n\r\n" + kPrelude + "o\na["));
  EXPECT_THAT(client.received, HasSubstr("Connection: close\r\n"));
}

TEST_F(FallbackSessionTest, EveryPathAnswersAPreflight) {
  TestClient client = connect_http();
  for (const std::string path :
       {"/app/key/417/abc/xhr_streaming", "/1/2/xhr_send", "/info", "/no/such/path/at/all", ""}) {
    const HttpAnswer answer = ask(client, "OPTIONS /pusher" + path +
                                              " HTTP/1.1\r\nHost: h\r\nOrigin: http://a\r\n"
                                              "Access-Control-Request-Headers: content-type\r\n\r\n");
    EXPECT_EQ(answer.status, 204) << path;
    EXPECT_THAT(answer.head, HasSubstr("Access-Control-Allow-Origin: http://a\r\n"));
    EXPECT_THAT(answer.head, HasSubstr("Access-Control-Allow-Headers: content-type\r\n"));
    EXPECT_THAT(answer.head, HasSubstr("Access-Control-Allow-Methods: OPTIONS, POST, GET\r\n"));
  }
}

TEST_F(FallbackSessionTest, OtherMethodsAndPathsAreRefused) {
  TestClient client = connect_http();
  EXPECT_EQ(ask(client, get(session_path() + "/xhr_streaming")).status, 405);
  EXPECT_EQ(ask(client, post(session_path() + "/eventsource")).status, 405);
  EXPECT_EQ(ask(client, get("/no/such")).status, 404);
  EXPECT_EQ(ask(client, get(session_path() + "/websocket")).status, 404);
  EXPECT_EQ(ask(client, post("/info")).status, 405);
  EXPECT_EQ(stats.fallback_sessions.value(), 0);
}

class SockJsTest : public FallbackSessionTest {
 protected:
  std::string sockjs_session(int number = 0) { return session_path(number, ""); }
  static std::string path_message() { return "[" + json_string(R"({"path":"/app/key?protocol=7&client=js"})") + "]"; }
};

TEST_F(SockJsTest, TheFirstMessageSaysWhichApp) {
  const std::string session = sockjs_session();
  TestClient client = connect_http();
  EXPECT_EQ(ask(client, post(session + "/xhr")).body, "o\n");
  EXPECT_EQ(stats.connections.value(), 0);
  client.send(post(session + "/xhr"));
  EXPECT_EQ(send(session, path_message()).status, 204);
  EXPECT_THAT(take_answer(client).body, HasSubstr("connection_established"));
  EXPECT_EQ(stats.connections.value(), 1);
  EXPECT_EQ(fallback().table.waiting, 0U);
}

TEST_F(SockJsTest, AnyOtherFirstMessageIsRefused) {
  for (const char* message : {R"(["x"])", R"(["{}"])", R"(["{\"path\":1}"])", R"(["{\"path\":\"/nothing\"}"])"}) {
    static int number = 10;
    const std::string session = sockjs_session(number++);
    TestClient client = connect_http();
    (void)ask(client, post(session + "/xhr"));
    EXPECT_EQ(send(session, message).status, 204);
    EXPECT_THAT(ask(client, post(session + "/xhr")).body, HasSubstr("c[4005,")) << message;
  }
  turn_some();
  EXPECT_EQ(fallback().table.waiting, 0U);
}

TEST_F(SockJsTest, WhoNeverSaysItIsClosed) {
  TestClient client = connect_http();
  client.send(post(sockjs_session() + "/xhr_streaming"));
  ASSERT_TRUE(receive_lines(client, "o\n"));
  pass_time(options.fallback.disconnect + std::chrono::seconds{2});
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  EXPECT_THAT(read_answer(client.received).body, HasSubstr("c[4009,"));
}

TEST_F(SockJsTest, ThoseThatAreNotLetInAreBounded) {
  options.fallback.waiting_max = 2;
  TestClient client = connect_http();
  EXPECT_EQ(ask(client, post(sockjs_session(0) + "/xhr")).status, 200);
  EXPECT_EQ(ask(client, post(sockjs_session(1) + "/xhr")).status, 200);
  EXPECT_EQ(ask(client, post(sockjs_session(2) + "/xhr")).status, 503);
  EXPECT_EQ(send(sockjs_session(0), path_message()).status, 204);
  EXPECT_EQ(ask(client, post(sockjs_session(2) + "/xhr")).status, 200);
}

TEST_F(SockJsTest, AStreamEndsAfterAWhile) {
  options.fallback.stream_bytes_max = 4096;
  const std::string session = sockjs_session();
  TestClient client = connect_http();
  client.send(post(session + "/xhr_streaming"));
  ASSERT_TRUE(receive_lines(client, "o\n"));
  (void)send(session, path_message());
  (void)send(session, R"(["{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"c\"}}"])");
  publish("\"" + std::string(4096, 'x') + "\"");
  publish("\"next\"");
  ASSERT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; }));
  EXPECT_TRUE(read_answer(client.received).body.ends_with("xx\\\"}\"]\n"));
  EXPECT_EQ(ask(client, post(session + "/xhr")).status, 200);
}

TEST_F(SockJsTest, ServerSentEvents) {
  const std::string session = sockjs_session();
  TestClient client = connect_http();
  client.send(get(session + "/eventsource"));
  ASSERT_TRUE(receive_lines(client, "\r\ndata: o\r\n\r\n"));
  EXPECT_THAT(client.received, HasSubstr("Content-Type: text/event-stream; charset=UTF-8\r\n"));
  (void)send(session, path_message());
  ASSERT_TRUE(receive_until(client, [&] { return client.received.find("established") != std::string::npos; }));
  EXPECT_THAT(read_answer(client.received).body, HasSubstr("\r\n\r\ndata: a[\"{\\\"event\\\":"));
}

TEST_F(SockJsTest, ScriptsInAFrame) {
  TestClient client = connect_http();
  client.send(get(sockjs_session() + "/htmlfile?c=_sockjs.abc"));
  ASSERT_TRUE(receive_lines(client, "<script>\np(\"o\");\n</script>\r\n"));
  EXPECT_THAT(client.received, HasSubstr("parent._sockjs.abc"));
}

TEST_F(SockJsTest, Jsonp) {
  const std::string session = sockjs_session();
  TestClient client = connect_http();
  EXPECT_EQ(ask(client, get(session + "/jsonp?c=_sockjs.abc")).body, "/**/_sockjs.abc(\"o\");\r\n");
  const std::string form = "d=%5B%22%7B%5C%22path%5C%22%3A%5C%22%2Fapp%2Fkey%3Fprotocol%3D7%5C%22%7D%22%5D";
  const HttpAnswer sent =
      ask(client, "POST /pusher" + session +
                      "/jsonp_send HTTP/1.1\r\nHost: h\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                      "Content-Length: " +
                      std::to_string(form.size()) + "\r\n\r\n" + form);
  EXPECT_EQ(sent.status, 200);
  EXPECT_EQ(sent.body, "ok");
  EXPECT_THAT(ask(client, get(session + "/jsonp?c=cb")).body, StartsWith("/**/cb(\"a[\\\"{\\\\\\\"event"));
  EXPECT_EQ(ask(client, get(session + "/jsonp")).status, 500);
  EXPECT_EQ(ask(client, get(session + "/jsonp?c=a(")).body, "invalid \"callback\" parameter\n");
}

TEST_F(SockJsTest, WhatAClientAsksForFirst) {
  options.fallback.sockjs_scripts = {"https://cdn.example/js/", "/sockjs.js"};
  TestClient client = connect_http();
  EXPECT_EQ(ask(client, get("")).body, "Welcome to SockJS!\n");
  EXPECT_EQ(ask(client, get("/")).status, 200);
  EXPECT_THAT(ask(client, get("/info")).body, StartsWith(R"({"websocket":false,"origins":["*:*"],)"));
  const HttpAnswer page = ask(client, get("/iframe.html?js_path=https%3A%2F%2Fcdn.example%2Fjs%2F1%2Fs.js"));
  EXPECT_THAT(page.body, HasSubstr("<script src=\"https://cdn.example/js/1/s.js\"></script>"));
  EXPECT_THAT(ask(client, get("/iframe-1.html")).body, HasSubstr("<script src=\"/sockjs.js\"></script>"));
  EXPECT_EQ(ask(client, get("/iframe.html?js_path=https%3A%2F%2Fevil.example%2Fs.js")).status, 403);
  const std::size_t tag = page.head.find("ETag: ") + 6;
  const std::string etag = page.head.substr(tag, page.head.find("\r\n", tag) - tag);
  EXPECT_EQ(ask(client,
                "GET /pusher/iframe.html?js_path=https://cdn.example/js/1/s.js HTTP/1.1\r\nHost: "
                "h\r\nIf-None-Match: " +
                    etag + "\r\n\r\n")
                .status,
            304);
}

}  // namespace
}  // namespace fanfare::session
