#include "support/test_server.h"

#include <cstdlib>
#include <future>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "base/log.h"
#include "support/deadline.h"

namespace fanfare::test {

namespace {

config::Loaded must_load(const config::Inputs& inputs) {
  set_log_level(LogLevel::kOff);
  Result<config::Loaded> loaded = config::load(inputs);
  if (!loaded.ok()) throw std::runtime_error(loaded.error().message);
  return *std::move(loaded);
}

std::string with_loops(const ServerSetup& setup, const std::string& folder) {
  return "loops = " + std::to_string(setup.loops) + "\ndata_dir = \"" + folder + "\"\n" + setup.server_lines;
}

}  // namespace

TestServer::TestServer(ServerSetup setup) : setup_(std::move(setup)) {
  inputs_.file = folder_.write("fanfare.toml", config_toml(with_loops(setup_, folder_.path()), setup_.apps));
  inputs_.environment = {{"HOME", folder_.path()}};
  // How a test that is registered twice says which engine it is for.
  for (const char* const name : {"FANFARE_IO_ENGINE", "FANFARE_IO_URING_SOCKETS_MIN"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr) inputs_.environment.emplace_back(name, value);
  }
  server_ = std::make_unique<server::Server>(must_load(inputs_));
  server_->start();
}

TestServer::~TestServer() = default;

void TestServer::reload(std::vector<TestApp> apps) {
  setup_.apps = std::move(apps);
  reload_text(config_toml(with_loops(setup_, folder_.path()), setup_.apps));
}

void TestServer::reload_text(std::string_view toml) {
  folder_.write("fanfare.toml", toml);
  server_->reload(inputs_);
  settle();
}

// Every loop has run what was posted before.
void TestServer::settle() {
  for (std::size_t loop = 0; loop < setup_.loops; ++loop) {
    std::promise<void> reached;
    post(loop, [&reached] { reached.set_value(); });
    if (reached.get_future().wait_for(kPatience) != std::future_status::ready) throw Timeout("a loop does not turn");
  }
}

void TestServer::post(std::size_t loop, std::function<void()> work) {
  server_->loop(LoopIndex(static_cast<std::uint16_t>(loop))).post(std::move(work));
}

double TestServer::metric(std::string_view name, std::string_view label) const {
  std::istringstream page(metrics_client().get("/metrics").body);
  double sum = 0;
  bool is_known = false;
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with(name)) continue;
    const std::string_view rest = std::string_view(line).substr(name.size());
    if (rest.front() != ' ' && rest.front() != '{') continue;
    is_known = true;
    if (label.empty() || rest.find(label) != std::string_view::npos) sum += std::stod(line.substr(line.rfind(' ')));
  }
  if (!is_known && label.empty()) throw std::runtime_error("no metric " + std::string(name));
  return sum;
}

void TestServer::wait_idle() const {
  for (const char* gauge : {"fanfare_session_connections", "fanfare_core_subscriptions", "fanfare_core_channels",
                            "fanfare_core_presence_members", "fanfare_core_users", "fanfare_core_fan_outs_waiting",
                            "fanfare_http_open_connections", "fanfare_net_open_sockets"}) {
    wait_until(std::string(gauge) + " is 0", [&] { return metric(gauge) == 0; });
  }
}

}  // namespace fanfare::test
