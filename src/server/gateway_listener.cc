#include "server/gateway_listener.h"

#include <algorithm>

#include "base/log.h"
#include "base/startup_error.h"
#include "server/channels_server.h"
#include "server/listen_port.h"
#include "server/side_loop_options.h"

namespace fanfare::server {

namespace {

const Logger kLog("gateway");
// Not one of the workers' loops: no channel lives here.
constexpr LoopIndex kGatewayLoop{0xFFFE};

httpd::HttpdOptions http_options(const config::Config& config) {
  httpd::HttpdOptions options = config.httpd;
  options.request.body_bytes_max = config.gateway.body_bytes_max;
  // Its answers hold signatures beside what a client has sent: their compressed size would tell about them.
  options.gzip_bytes_min = 0;
  return options;
}

std::unique_ptr<gateway::Gateway> make_gateway(const config::Loaded& loaded, const sdk::Credentials& credentials,
                                               const GatewayListener::MakeBackend& make_backend, net::EventLoop& loop) {
  auto master_key = master_key_of(loaded);
  if (!master_key.ok()) throw StartupError("[gateway] encryption_master_key_base64: " + master_key.error().message);
  gateway::GatewaySetup setup{.options = loaded.config.gateway,
                              .access = loaded.config.access_table,
                              .credentials = credentials,
                              .master_key = *std::move(master_key),
                              .webhook_keys = {credentials},
                              .backend = make_backend(loop)};
  auto made = gateway::Gateway::create(std::move(setup), loop, loop.clock());
  if (!made.ok()) throw StartupError("[gateway] " + made.error().message);
  return *std::move(made);
}

}  // namespace

GatewayListener::GatewayListener(const config::Loaded& loaded, const sdk::Credentials& credentials,
                                 const MakeBackend& make_backend)
    : http_options_(http_options(loaded.config)),
      net_options_(side_loop_options(loaded.config.net)),
      loop_(kGatewayLoop, net_options_),
      gateway_(make_gateway(loaded, credentials, make_backend, loop_)) {
  gateway_->add_routes(router_);
  http_ = std::make_unique<httpd::HttpServer>(loop_, http_options_, router_, nullptr);
  OpenedPort opened =
      open_port(loaded.config.gateway.host, loaded.config.gateway.port, 1, loaded.config.net.listen_backlog);
  port_ = opened.address.port();
  listener_ = std::make_unique<net::Listener>(loop_, std::move(opened.sockets.front()), *http_);
  kLog.info("listening", {{"address", opened.address.to_string()}});
}

// Requests that are still open refer to the gateway from tasks and connections: these go first.
GatewayListener::~GatewayListener() {
  stop();
  gateway_->stop_outgoing();
  loop_.discard_tasks();
  listener_.reset();
  http_.reset();
}

void GatewayListener::start() {
  loop_.post([this] { gateway_->warm_up(); });
  thread_ = std::thread([this] { loop_.run(); });
}

void GatewayListener::drain() {
  loop_.post([this] {
    listener_->stop();
    http_->drain();
  });
}

void GatewayListener::stop() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

void GatewayListener::replace_access(std::shared_ptr<const access::AccessTable> access) {
  loop_.post([this, table = std::move(access)] { gateway_->replace_access(table); });
}

}  // namespace fanfare::server
