// TestServer: the whole server in this process, so that sanitizers see it, on ports that the kernel picks.
//
// Thread: the test's; clients may be anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "config/load.h"
#include "server/server.h"
#include "support/api_client.h"
#include "support/pusher_client.h"
#include "support/temp_folder.h"
#include "support/test_app.h"

namespace fanfare::test {

struct ServerSetup {
  std::uint16_t loops = 1;
  std::string server_lines{};  // of [server]
  std::vector<TestApp> apps = {TestApp{}};
};

class TestServer {
 public:
  // Loads the configuration from a file and starts. Throws std::runtime_error with its faults, or StartupError.
  explicit TestServer(ServerSetup setup = {});
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  server::Server& server() noexcept { return *server_; }
  std::uint16_t port() const noexcept { return server_->port(); }
  const TestApp& app(std::size_t index = 0) const { return setup_.apps[index]; }

  std::unique_ptr<PusherClient> connect(std::size_t app = 0, const WsOptions& options = {}) const {
    return std::make_unique<PusherClient>(port(), setup_.apps[app], options);
  }
  ApiClient api(std::size_t app = 0) const { return ApiClient(port(), setup_.apps[app]); }
  HttpClient metrics_client() const { return HttpClient(server_->metrics_port()); }

  // What SIGHUP does, with these apps (or this text) in the file. It is in force on every loop when this returns.
  void reload(std::vector<TestApp> apps);
  void reload_text(std::string_view toml);

  // The sum of a metric over its series. `label`: only series that contain it, `code="4001"`.
  double metric(std::string_view name, std::string_view label = {}) const;
  // Waits until every connection, subscription, channel, member and user is gone. Throws Timeout with the one that
  // stays.
  void wait_idle() const;
  // Runs `work` on a loop. Does not wait.
  void post(std::size_t loop, std::function<void()> work);

 private:
  void settle();

  ServerSetup setup_;
  TempFolder folder_;
  config::Inputs inputs_;
  std::unique_ptr<server::Server> server_;
};

// A test that runs with one loop, where everything is a direct call, and with three, where channels and connections
// meet over mailboxes.
class LoopsTest : public testing::TestWithParam<std::uint16_t> {
 protected:
  // Call it once, before server(), which otherwise starts one with a plain app.
  TestServer& start(std::vector<TestApp> apps = {TestApp{}}, std::string server_lines = {}) {
    server_ = std::make_unique<TestServer>(ServerSetup{GetParam(), std::move(server_lines), std::move(apps)});
    return *server_;
  }
  TestServer& server() { return server_ ? *server_ : start(); }

 private:
  std::unique_ptr<TestServer> server_;
};

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): GoogleTest's own form
#define FANFARE_WITH_LOOPS(suite)                               \
  INSTANTIATE_TEST_SUITE_P(Loops, suite, testing::Values(1, 3), \
                           [](const auto& name) { return std::to_string(name.param); })

}  // namespace fanfare::test
