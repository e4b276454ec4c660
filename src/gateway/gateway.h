// Gateway: the realtime backend of an application: it knows users by their tokens, lets them subscribe and publish by
// the access rules, and hears from the Channels server. docs/gateway.md has its endpoints.
//
//   auto gateway = Gateway::create(setup, loop.index…);
//   gateway->add_routes(router);
//
// Thread: made before its loop runs; then its loop's, its end included. Requests that are open when it ends are
// answered
//         500; whoever holds tasks that belong to it (the loop's mailbox) drops them between stop_outgoing() and its
//         end.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "access/access_table.h"
#include "base/clock.h"
#include "base/executor.h"
#include "base/result.h"
#include "fanfare/auth.h"
#include "fanfare/credentials.h"
#include "gateway/backend.h"
#include "gateway/gateway_stats.h"
#include "gateway/options.h"
#include "httpd/router.h"

namespace fanfare::gateway {

struct GatewaySetup {
  const GatewayOptions& options;  // outlives the gateway
  std::shared_ptr<const access::AccessTable> access;
  sdk::Credentials credentials;                // signs subscriptions
  std::optional<sdk::MasterKey> master_key;    // of encrypted channels
  std::vector<sdk::Credentials> webhook_keys;  // all that may sign webhooks
  std::unique_ptr<ChannelsBackend> backend;
};

class Gateway {
 public:
  // `loop` and `clock` (the turn's time) outlive it. Reads key files: blocks.
  // Fails: kInvalid or kIo, with what is wrong in the configuration.
  static Result<std::unique_ptr<Gateway>> create(GatewaySetup setup, Executor& loop, const Clock& clock);
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  // The gateway outlives the router's last request.
  void add_routes(httpd::Router& router);
  // Begins what is wanted before the first request: the key set's first fetch. On the loop.
  void warm_up();
  // Other rules are in force from now on. On the loop.
  void replace_access(std::shared_ptr<const access::AccessTable> access);
  // Ends everything that posts to the loop from other threads. Once the loop no longer runs.
  void stop_outgoing();

  const GatewayStats& stats() const noexcept;

 private:
  struct Parts;
  explicit Gateway(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace fanfare::gateway
