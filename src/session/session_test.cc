#include "session/session.h"

#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

using std::chrono::seconds;

TEST_F(SessionTest, GreetsWithItsSocketIdAndTheActivityTimeout) {
  options.activity_timeout = seconds{77};
  context();
  TestClient client;
  client.session = std::make_unique<Session>(context(), client.transport, Admission{app, 7, ticket()});
  const std::string id = client.socket_id();
  EXPECT_EQ(client.transport.sent, Messages{R"({"event":"pusher:connection_established","data":"{\"socket_id\":\")" +
                                            id + R"(\",\"activity_timeout\":77}"})"});
  EXPECT_EQ(stats.connections.value(), 1);
  EXPECT_EQ(shared.connections.load(), 1U);
  client.session.reset();
  EXPECT_EQ(stats.connections.value(), 0);
  EXPECT_EQ(shared.connections.load(), 0U);
  EXPECT_EQ(app->usage->connections.load(), 0U);
}

TEST_F(SessionTest, AnswersPingsWhateverTheirData) {
  const auto client = connect();
  const std::string pong = R"({"event":"pusher:pong","data":"{}"})";
  for (const std::string_view ping :
       {R"({"event":"pusher:ping","data":{}})", R"({"event":"pusher:ping"})", R"({"event":"pusher:ping","data":""})"}) {
    client->send(ping);
    EXPECT_EQ(received(*client), Messages{pong}) << ping;
  }
  client->send(R"({"event":"pusher:pong","data":{}})");
  EXPECT_EQ(received(*client), Messages{});
}

TEST_F(SessionTest, AnswersWhatItDoesNotKnowAndStays) {
  const auto client = connect();
  client->send(R"({"event":"hello","channel":"a","data":"b"})");
  EXPECT_EQ(received(*client), Messages{error_of("Unsupported event received on socket: hello")});
  for (const std::string_view bad : {"", "no JSON", "[]", "{}", R"({"event":7})", R"({"event":"pusher:subscribe"})",
                                     R"({"event":"pusher:subscribe","data":{}})", "{\"event\":\"\xff\"}"}) {
    client->send(bad);
    const Messages answers = received(*client);
    ASSERT_EQ(answers.size(), 1U) << bad;
    EXPECT_TRUE(answers[0].starts_with(R"({"event":"pusher:error","data":{"code":null,"message":")")) << answers[0];
  }
  EXPECT_EQ(client->transport.close_code, 0);
}

TEST_F(SessionTest, CountsTheNullErrorsApart) {
  const auto client = connect();
  client->send("{}");
  client->session->send_error(pusher::ErrorCode::kWatchlistLimit, "too long");
  EXPECT_EQ(received(*client)[1], error_of("too long", "4302"));
  EXPECT_EQ(stats.error_events_null.value(), 1U);
  EXPECT_EQ(stats.error_events.entries()[0].code.load(), 4302);
}

TEST_F(SessionTest, ASilentClientIsPingedAndThenClosedWith4201) {
  const auto client = connect();
  pass(seconds{119});
  EXPECT_EQ(client->transport.probes, 0);
  pass(seconds{2});
  EXPECT_EQ(client->transport.probes, 1);
  pass(seconds{28});
  EXPECT_EQ(client->transport.close_code, 0);
  pass(seconds{3});
  EXPECT_EQ(client->transport.close_code, 4201);
  EXPECT_EQ(client->transport.close_reason, "Pong reply not received");
  EXPECT_EQ(client->transport.probes, 1);
  EXPECT_EQ(stats.activity_timeouts.value(), 1U);
}

TEST_F(SessionTest, AnySignOfLifeAnswersThePing) {
  const auto client = connect();
  for (int round = 1; round <= 3; ++round) {
    pass(seconds{122});
    EXPECT_EQ(client->transport.probes, round);
    pass(seconds{20});
    client->session->on_activity();
    pass(seconds{30});
    EXPECT_EQ(client->transport.close_code, 0);
    client->session->on_activity();
  }
}

TEST_F(SessionTest, ABusyClientIsNeverPinged) {
  const auto client = connect();
  for (int i = 0; i < 10; ++i) {
    pass(seconds{100});
    client->session->on_activity();
  }
  EXPECT_EQ(client->transport.probes, 0);
}

TEST_F(SessionTest, AClientThatIsNotReadIsNotAccusedOfSilence) {
  const auto client = connect();
  client->transport.paused = true;
  pass(seconds{400});
  EXPECT_EQ(client->transport.close_code, 0);
  client->transport.paused = false;
  pass(seconds{300});
  EXPECT_EQ(client->transport.close_code, 4201);
}

TEST_F(SessionTest, AClientThatCannotPongIsClosedWith4202) {
  options.inactivity_timeout = seconds{300};
  const auto client = connect(4);
  pass(seconds{298});
  client->session->on_activity();
  pass(seconds{298});
  EXPECT_EQ(client->transport.close_code, 0);
  pass(seconds{4});
  EXPECT_EQ(client->transport.close_code, 4202);
  EXPECT_EQ(client->transport.probes, 0);
}

TEST_F(SessionTest, AnUnauthorizedConnectionIsClosedInTime) {
  app_settings.switches.authorized_connections = true;
  const auto client = connect();
  pass(seconds{20});
  client->send(subscribe(*client, "orders"));  // a public channel authorizes nobody
  client->send(R"({"event":"pusher:subscribe","data":{"channel":"private-a","auth":"key:bad"}})");
  pass(seconds{9});
  EXPECT_EQ(client->transport.close_code, 0);
  EXPECT_EQ(app->usage->connections.load(), 0U);
  pass(seconds{2});
  EXPECT_EQ(client->transport.close_code, 4009);
  EXPECT_EQ(client->transport.close_reason, "Connection not authorized within timeout");
}

TEST_F(SessionTest, AuthorizedByAPrivateChannelItTakesItsPlace) {
  app_settings.switches.authorized_connections = true;
  const auto client = connect();
  client->send(subscribe(*client, "private-a"));
  EXPECT_EQ(received(*client), Messages{succeeded("private-a")});
  EXPECT_EQ(app->usage->connections.load(), 1U);
  pass(seconds{60});
  EXPECT_EQ(client->transport.close_code, 0);
  client->session.reset();
  EXPECT_EQ(app->usage->connections.load(), 0U);
}

TEST_F(SessionTest, WithoutAPlaceLeftTheAuthorizedOneIsClosedWith4004) {
  app_settings.switches.authorized_connections = true;
  app_settings.limits.connections = 1;
  const auto first = connect();
  const auto second = connect();
  first->send(signin(*first, R"({"id":"a"})"));
  second->send(signin(*second, R"({"id":"b"})"));
  EXPECT_EQ(first->transport.close_code, 0);
  EXPECT_EQ(second->transport.close_code, 4004);
  EXPECT_EQ(second->transport.close_reason, "Account over quota");
}

TEST_F(SessionTest, EndsOnceAndThenListensNoMore) {
  const auto client = connect();
  client->session->close(4200, "first");
  client->session->close(4100, "second");
  EXPECT_EQ(client->transport.close_code, 4200);
  const std::uint64_t messages = stats.messages_in.value();
  client->send(subscribe(*client, "orders"));
  EXPECT_EQ(stats.messages_in.value(), messages);
  EXPECT_EQ(client->session->subscription_count(), 0U);
  pass(seconds{200});
  EXPECT_EQ(client->transport.probes, 0);
}

TEST_F(SessionTest, AReloadTakesTheAppAwayOrTurnsItOff) {
  const auto removed = connect();
  const auto disabled = connect();
  const auto kept = connect();
  removed->session->on_app_changed(nullptr);
  EXPECT_EQ(removed->transport.close_code, 4001);

  core::App off = *app;
  off.switches.enabled = false;
  disabled->session->on_app_changed(std::make_shared<const core::App>(off));
  EXPECT_EQ(disabled->transport.close_code, 4003);

  core::App changed = *app;
  changed.terminate_close_code = 4200;
  kept->session->on_app_changed(std::make_shared<const core::App>(changed));
  EXPECT_EQ(kept->transport.close_code, 0);
  kept->session->on_terminated();
  EXPECT_EQ(kept->transport.close_code, 4200);
}

TEST_F(SessionTest, TurningAuthorizedConnectionsOnSparesThoseThatAreThere) {
  const auto client = connect();
  core::App changed = *app;
  changed.switches.authorized_connections = true;
  client->session->on_app_changed(std::make_shared<const core::App>(changed));
  pass(seconds{100});
  EXPECT_EQ(client->transport.close_code, 0);
}

}  // namespace
}  // namespace fanfare::session
