// What belongs to a process: its port, its signals, its limit of open files. The real binary, or a second server in
// this one.
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/startup_error.h"
#include "support/deadline.h"
#include "support/server_process.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kBinary = FANFARE_BINARY;

TEST(PortTest, ASecondServerIsRefusedAndToldWhoHasIt) {
  const TestServer server;
  const std::string port = std::to_string(server.port());
  try {
    const TempFolder folder;
    config::Inputs inputs;
    inputs.file = folder.write("fanfare.toml", config_toml("data_dir = \"" + folder.path() + '"', {TestApp{}}));
    inputs.flags = {{"port", port}};
    server::Server second(*config::load(inputs));
    FAIL() << "two servers share port " << port;
  } catch (const StartupError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("127.0.0.1:" + port), HasSubstr(std::to_string(::getpid()))));
  }
  EXPECT_EQ(server.connect()->unexpected(), "");
}

TEST(ProcessTest, SigtermClosesClientsWith4200AndEndsWell) {
  ServerProcess process(kBinary, {.server_lines = "drain_seconds = 0"});
  process.wait_started();
  PusherClient client(process.port(), TestApp{});
  client.subscribe_and_wait("a");
  process.signal(SIGTERM);
  EXPECT_EQ(client.wait_closed().code, 4200);
  EXPECT_EQ(process.wait_exit(), 0);
  EXPECT_THAT(process.log(), AllOf(HasSubstr("draining"), HasSubstr("stopped")));
}

TEST(ProcessTest, ASecondSignalEndsTheDrain) {
  ServerProcess process(kBinary, {.server_lines = "drain_seconds = 3000"});
  process.wait_started();
  std::vector<std::unique_ptr<PusherClient>> clients;
  clients.reserve(8);
  for (int i = 0; i < 8; ++i) clients.push_back(std::make_unique<PusherClient>(process.port(), TestApp{}));
  process.signal(SIGINT);
  wait_until("it drains", [&] { return process.log().find("draining") != std::string::npos; });
  process.signal(SIGTERM);
  EXPECT_EQ(process.wait_exit(), 0);
}

TEST(ProcessTest, SighupReloadsAndABadFileChangesNothing) {
  ServerProcess process(kBinary, {});
  process.wait_started();
  const TestApp added{.id = "2", .key = "key-2"};
  PusherClient client(process.port(), TestApp{});
  process.write_config("nonsense = true", {added});
  process.signal(SIGHUP);
  wait_until("the fault is logged", [&] { return process.log().find("reload failed") != std::string::npos; });
  EXPECT_THAT(process.log(), HasSubstr("nonsense"));
  EXPECT_EQ(client.unexpected(), "");
  process.write_config("", {TestApp{}, added});
  process.signal(SIGHUP);
  wait_until("the new app is there", [&] {
    WsClient attempt(process.port(), connect_target(added));
    attempt.socket().end();
    return attempt.wait_closed().code == 0;
  });
  EXPECT_EQ(client.unexpected(), "");
  EXPECT_THAT(process.log(), testing::Not(HasSubstr("app-secret")));
}

// 256 open files: 64 are kept for HTTP and the process itself.
TEST(OpenFilesTest, ClientsBeyondThemAreRefusedWith4100AndTheApiGoesOn) {
  ServerProcess process(kBinary, {.server_lines = "loops = 2", .open_files_max = 256});
  process.wait_started();
  wait_until("the log says what the limit allows",
             [&] { return process.log().find("connections=192") != std::string::npos; });
  std::vector<std::unique_ptr<PusherClient>> clients;
  clients.reserve(192);
  for (int i = 0; i < 192; ++i) clients.push_back(std::make_unique<PusherClient>(process.port(), TestApp{}));
  for (int i = 0; i < 20; ++i) {
    WsClient refused(process.port(), connect_target(TestApp{}));
    EXPECT_EQ(refused.wait_closed().code, 4100);
  }
  clients.front()->subscribe_and_wait("a");
  ApiClient api(process.port(), TestApp{});
  api.publish("a", "e", "1");
  EXPECT_EQ(clients.front()->next_text(), event_text("e", "a", "1"));
  EXPECT_EQ(HttpClient(process.metrics_port()).get("/live").status, 200);
}

// Sockets that sent nothing took every descriptor: the API timed out, and /live, so that a supervisor would have killed
// the server.
TEST(OpenFilesTest, IdleSocketsTakeNoMoreThanTheirShare) {
  ServerProcess process(kBinary, {.server_lines = "loops = 2", .open_files_max = 256});
  process.wait_started();
  ApiClient api(process.port(), TestApp{});
  PusherClient client(process.port(), TestApp{});
  client.subscribe_and_wait("a");
  const auto says = [&](const std::string& line) {
    return HttpClient(process.metrics_port()).get("/metrics").body.find(line + "\n") != std::string::npos;
  };
  {
    std::vector<TestSocket> silent;
    silent.reserve(300);
    for (int i = 0; i < 300; ++i) silent.emplace_back(process.port());
    wait_until("they have their share", [&] { return !says("fanfare_http_refused_at_limit_total 0"); });
    api.publish("a", "e", "1");
    EXPECT_EQ(client.next_text(), event_text("e", "a", "1"));
    EXPECT_EQ(HttpClient(process.metrics_port()).get("/live").status, 200);
  }
  wait_until("they are gone", [&] { return says("fanfare_net_open_sockets 2"); });
  for (int i = 0; i < 10; ++i) PusherClient(process.port(), TestApp{}).subscribe_and_wait("a");
  EXPECT_EQ(client.unexpected(), "");
}

}  // namespace
}  // namespace fanfare::test
