#include "server/channels_server.h"

#include <algorithm>

namespace fanfare::server {
namespace {

// A gateway answers people who wait: it gives up sooner than a batch job.
constexpr std::chrono::milliseconds kConnectTimeout{2'000};
constexpr std::chrono::milliseconds kRequestTimeout{5'000};
constexpr std::chrono::milliseconds kTotalTimeout{10'000};

Error from_sdk(const sdk::Error& error) { return invalid(error.message); }

// How one reaches a server that listens on every address.
std::string reachable_host(const std::string& host) {
  return host == "0.0.0.0" || host == "::" || host == "*" ? "127.0.0.1" : host;
}

Result<sdk::Options> options_of_url(const gateway::ChannelsServerOptions& channels) {
  auto options = sdk::Options::from_url(channels.url);
  if (!options.ok()) return from_sdk(options.error());
  return *std::move(options);
}

}  // namespace

const config::Credentials* gateway_app(const config::Loaded& loaded) {
  const std::string& id = loaded.config.gateway.app;
  if (id.empty()) return loaded.credentials.empty() ? nullptr : &loaded.credentials.front();
  const auto found = std::ranges::find(loaded.credentials, id, &config::Credentials::app_id);
  return found == loaded.credentials.end() ? nullptr : &*found;
}

Result<sdk::Options> channels_server_options(const config::Loaded& loaded) {
  const gateway::ChannelsServerOptions& channels = loaded.config.gateway.channels;
  sdk::Options options;
  if (!channels.url.empty()) {
    auto of_url = options_of_url(channels);
    if (!of_url.ok()) return of_url;
    options = *std::move(of_url);
  } else {
    const config::Credentials* app = gateway_app(loaded);
    if (app == nullptr) {
      return invalid(
          loaded.config.gateway.app.empty()
              ? "the gateway needs an app: set PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET, or PUSHER_URL, or "
                "write [[apps]] into the configuration"
              : "[gateway] app: no app " + loaded.config.gateway.app + " with an enabled key");
    }
    options.app_id = app->app_id;
    options.key = app->key;
    options.secret = app->secret;
    options.use_tls = channels.tls;
    options.host = channels.host;
    options.cluster = channels.cluster;
    if (channels.port != 0) options.port = channels.port;
    if (channels.host.empty() && channels.cluster.empty()) {
      options.host = reachable_host(loaded.config.net.host);
      options.port = channels.port != 0 ? channels.port : loaded.config.net.port;
      options.use_tls = false;
    }
  }
  options.enabled = channels.enabled;
  options.encryption_master_key_base64 = channels.encryption_master_key;
  options.connect_timeout = kConnectTimeout;
  options.request_timeout = kRequestTimeout;
  options.total_timeout = kTotalTimeout;
  return options;
}

Result<std::optional<sdk::MasterKey>> master_key_of(const config::Loaded& loaded) {
  const std::string& text = loaded.config.gateway.channels.encryption_master_key;
  if (text.empty()) return std::optional<sdk::MasterKey>();
  auto key = sdk::MasterKey::from_base64(text);
  if (!key.ok()) return from_sdk(key.error());
  return std::optional<sdk::MasterKey>(*key);
}

}  // namespace fanfare::server
