// Config: everything that can be set, composed out of each module's options. Immutable once loaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "access/access_table.h"
#include "access/shipped_rules.h"
#include "api/options.h"
#include "base/log.h"
#include "core/app.h"
#include "core/options.h"
#include "gateway/options.h"
#include "httpd/options.h"
#include "net/options.h"
#include "session/options.h"
#include "tls/options.h"

namespace fanfare::config {

// What belongs to the process as a whole. Host, port and loops are in NetOptions.
struct ServerOptions {
  std::string data_dir;  // load() fills in the default
  // After SIGTERM: the time over which client connections are closed.
  std::chrono::seconds drain_time{30};
  // Written when clients can connect, with the addresses as a JSON object; empty: none.
  std::string ready_file;
};

// The listener of /metrics, /live and /ready.
struct MetricsOptions {
  bool enabled = true;
  std::string host = "127.0.0.1";
  std::uint16_t port = 9601;  // 0: the kernel picks one
};

struct Config {
  ServerOptions server;
  net::NetOptions net;
  tls::TlsOptions tls;
  httpd::HttpdOptions httpd;
  session::SessionOptions session;
  core::CoreOptions core;
  api::ApiOptions api;
  MetricsOptions metrics;
  access::AccessOptions access{.rules = access::shipped_rules()};
  std::shared_ptr<const access::AccessTable> access_table;  // built of `access` by load()
  LogOptions log;
  gateway::GatewayOptions gateway;
  std::vector<core::App> apps;  // unique ids and keys; their index is AppTable's to give
};

}  // namespace fanfare::config
