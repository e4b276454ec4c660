// GatewayContext: what the gateway's handlers work with. Thread: its loop.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "access/access_table.h"
#include "base/clock.h"
#include "base/executor.h"
#include "fanfare/auth.h"
#include "gateway/backend.h"
#include "gateway/cors.h"
#include "gateway/gateway_stats.h"
#include "gateway/options.h"
#include "gateway/window_limiter.h"
#include "jwt/key_store.h"
#include "jwt/verifier.h"
#include "net/trusted_proxies.h"

namespace fanfare::gateway {

class SessionCheck;

struct GatewayContext {
  const GatewayOptions& options;
  const Clock& clock;
  GatewayStats& stats;
  std::shared_ptr<const access::AccessTable> access;  // a reload replaces it
  const jwt::Verifier& verifier;
  jwt::KeyStore& keys;
  SessionCheck* sessions;  // null: only tokens are taken
  const sdk::Authorizer& authorizer;
  ChannelsBackend& backend;
  const Cors& cors;
  const net::TrustedProxies& trusted_proxies;

  WindowLimiter auth_by_user;
  WindowLimiter auth_by_address;
  WindowLimiter trigger_by_user;
  WindowLimiter trigger_by_address;
};

}  // namespace fanfare::gateway
