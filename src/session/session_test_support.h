// For the tests of this module: sessions on one loop whose time and mailboxes a test moves by hand.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "json/json_writer.h"
#include "net/event_loop.h"
#include "pusher/channel_auth.h"
#include "pusher/user_auth.h"
#include "session/compression.h"
#include "session/session.h"
#include "support/core_loops.h"
#include "support/frame_payloads.h"

namespace fanfare::session {

// Writes down what its session sends.
class FakeTransport final : public Transport {
 public:
  std::vector<std::string> sent;
  int probes = 0;
  bool paused = false;
  std::uint16_t close_code = 0;  // 0: not ended
  std::string close_reason;

  void send(const core::Delivery& delivery, core::FrameClass) override {
    for (const std::string_view payload : test::frame_payloads(delivery.frames().view())) send_text(payload);
  }
  void send_text(std::string_view payload) override {
    if (close_code == 0) sent.emplace_back(payload);
  }
  void probe() override { ++probes; }
  bool is_paused() const noexcept override { return paused; }
  std::string peer_address() const override { return "127.0.0.1"; }
  void end(std::uint16_t code, std::string_view reason) override {
    close_code = code;
    close_reason = reason;
  }
};

using Messages = std::vector<std::string>;

inline std::string json_string(std::string_view text) {
  std::string token;
  json::append_string(token, text);
  return token;
}
inline std::string error_of(std::string_view message, std::string_view code = "null") {
  return R"({"event":"pusher:error","data":{"code":)" + std::string(code) + R"(,"message":)" + json_string(message) +
         "}}";
}
inline std::string succeeded(std::string_view channel) {
  return R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":")" + std::string(channel) + "\"}";
}

struct TestClient {
  FakeTransport transport;
  std::unique_ptr<Session> session;

  std::string socket_id() const { return pusher::to_string(session->ref().socket_id()); }
  void send(std::string_view message) {
    session->on_activity();
    session->on_message(message);
  }
};

// One app, "key" with "secret"; the sessions are on loop 0 of two.
class SessionFixture {
 public:
  SessionFixture() {
    app_settings.id = "1";
    app_settings.keys = pusher::AppKeys({key});
  }

  // Makes everything; settings that a test changes, it changes before.
  SessionContext& context() {
    if (context_ == nullptr) {
      apps = std::make_unique<core::AppRegistry>(
          std::make_shared<const core::AppTable>(std::vector<core::App>{app_settings}, core::AppTable()));
      app = *apps->table().find_by_id("1");
      loop = std::make_unique<net::EventLoop>(LoopIndex(0), net_options, loops.clock);
      shared.connections_max = 100;
      liveness = std::make_unique<LivenessRound>(*loop, loops[0].connections(), options);
      compression = std::make_unique<Compression>(options.compression, loop->stats(), loops.clock, stats);
      context_ = std::make_unique<SessionContext>(SessionContext{*loop, loops[0], *apps, quota, shared, options, stats,
                                                                 send_limits, *compression, warnings, *liveness});
    }
    return *context_;
  }

  core::ConnectionTicket ticket() { return std::move(quota.take(*app, "127.0.0.1").ticket); }
  // The greeting is taken off already.
  std::unique_ptr<TestClient> connect(int protocol = 7) {
    context();
    auto client = std::make_unique<TestClient>();
    core::ConnectionTicket place = app->switches.authorized_connections ? core::ConnectionTicket() : ticket();
    client->session =
        std::make_unique<Session>(context(), client->transport, Admission{app, protocol, std::move(place)});
    client->transport.sent.clear();
    return client;
  }

  // What came since, with all mailboxes run.
  Messages received(TestClient& client) {
    loops.settle();
    return std::exchange(client.transport.sent, {});
  }
  // Time goes by, a second at a time.
  void pass(std::chrono::seconds time) {
    for (; time > std::chrono::seconds{0}; time -= std::chrono::seconds{1}) {
      loops.clock.advance(std::chrono::seconds{1});
      loop->turn(std::chrono::milliseconds{0});
    }
  }

  std::string channel_auth(const TestClient& client, std::string_view channel,
                           std::optional<std::string_view> data = std::nullopt) const {
    return pusher::sign_channel_auth(key, client.socket_id(), channel, data);
  }
  // The pusher:subscribe command, signed where the channel wants it.
  std::string subscribe(const TestClient& client, std::string_view channel,
                        std::optional<std::string_view> data = std::nullopt) const {
    std::string text = R"({"event":"pusher:subscribe","data":{"channel":)" + json_string(channel);
    if (channel.starts_with("private-") || channel.starts_with("presence-")) {
      text += R"(,"auth":)" + json_string(channel_auth(client, channel, data));
    }
    if (data) text += R"(,"channel_data":)" + json_string(*data);
    return text + "}}";
  }
  static std::string unsubscribe(std::string_view channel) {
    return R"({"event":"pusher:unsubscribe","data":{"channel":)" + json_string(channel) + "}}";
  }
  std::string signin(const TestClient& client, std::string_view user_data) const {
    return R"({"event":"pusher:signin","data":{"auth":)" +
           json_string(pusher::sign_user_auth(key, client.socket_id(), user_data)) + R"(,"user_data":)" +
           json_string(user_data) + "}}";
  }
  static std::string signed_in(std::string_view user_data) {
    return R"({"event":"pusher:signin_success","data":)" +
           json_string(R"({"user_data":)" + json_string(user_data) + "}") + "}";
  }

  const pusher::AppKey key{"key", "secret"};
  core::App app_settings;
  SessionOptions options;
  net::NetOptions net_options;
  test::CoreLoops loops{2};
  std::unique_ptr<net::EventLoop> loop;
  core::ConnectionQuota quota;
  SharedSessionState shared;
  SessionStats stats;
  SendLimitsTable send_limits{net::SendQueueLimits{}};
  OnceAMinute warnings;
  std::unique_ptr<Compression> compression;
  std::unique_ptr<LivenessRound> liveness;
  std::unique_ptr<core::AppRegistry> apps;
  core::AppRef app;

 private:
  std::unique_ptr<SessionContext> context_;
};

class SessionTest : public testing::Test, public SessionFixture {};

}  // namespace fanfare::session
