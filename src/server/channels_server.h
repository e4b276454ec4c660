// Which Channels server the gateway speaks to, out of the configuration.
#pragma once

#include <optional>

#include "base/result.h"
#include "config/load.h"
#include "fanfare/client.h"
#include "fanfare/encryption.h"

namespace fanfare::server {

// The app that the gateway signs and publishes for: `[gateway] app`, else the first. Null: there is none.
const config::Credentials* gateway_app(const config::Loaded& loaded);

// For a client of that server: pusher_url, or pusher_host or pusher_cluster with the app's credentials; without any of
// them the `fanfare serve` of this machine, as `[server]` has it.
// Fails: kInvalid, with what is missing; never with a secret.
Result<sdk::Options> channels_server_options(const config::Loaded& loaded);

// Empty: none is configured. Fails: kInvalid.
Result<std::optional<sdk::MasterKey>> master_key_of(const config::Loaded& loaded);

}  // namespace fanfare::server
