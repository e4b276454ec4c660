// ChannelsBackend: the Channels server as the gateway sees it: over HTTP (SdkBackend: Fanfare or hosted Pusher), or in
// process, where `server` binds it to core.
//
// Thread: called on the gateway's loop, never waits; `done` is called once, on that loop, perhaps before the call
//         returns. Values are the SDK's, so that both speak of the same things.
// Fails:  as sdk::Client, with sdk::ErrorKind.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fanfare/events.h"
#include "fanfare/result.h"

namespace fanfare::gateway {

template <typename T>
using Done = std::function<void(sdk::Result<T>)>;

class ChannelsBackend {
 public:
  ChannelsBackend() = default;
  ChannelsBackend(const ChannelsBackend&) = delete;
  ChannelsBackend& operator=(const ChannelsBackend&) = delete;
  // Calls what was not called yet, with kStopped, or drops it: nobody waits for it any more.
  virtual ~ChannelsBackend() = default;

  // All channels of the event or none. "#server-to-user-<id>" may be among them. Events of encrypted channels come in
  // plain text and are encrypted here.
  virtual void publish(sdk::Event event, Done<sdk::TriggerAnswer> done) = 0;
  virtual void publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                             Done<sdk::BatchAnswer> done) = 0;
  virtual void channels(sdk::ChannelsQuery query, Done<sdk::ChannelsAnswer> done) = 0;
  virtual void channel(std::string name, sdk::ChannelQuery query, Done<sdk::ChannelAnswer> done) = 0;
  // Distinct users of a presence channel.
  virtual void members(std::string channel, Done<std::vector<std::string>> done) = 0;
  // Distinct users of the app, signed in or present. kNotFound: this server cannot say.
  virtual void user_count(Done<std::uint64_t> done) = 0;
  virtual void terminate_user(std::string user_id, Done<void> done) = 0;

  // How old an answer about health may be: what asking costs.
  virtual std::chrono::milliseconds health_age_max() const = 0;
};

}  // namespace fanfare::gateway
