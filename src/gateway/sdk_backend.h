// SdkBackend: the Channels server over its HTTP API, by the C++ SDK.
//
// Thread: the gateway's loop. Answers come on the client's threads and are posted to the loop.
#pragma once

#include <memory>

#include "base/executor.h"
#include "fanfare/client.h"
#include "gateway/backend.h"

namespace fanfare::gateway {

class SdkBackend final : public ChannelsBackend {
 public:
  // `loop` outlives this. `hosted_health_age`: against hosted Pusher; Fanfare may be asked every second.
  SdkBackend(sdk::Client client, Executor& loop, std::chrono::seconds hosted_health_age);
  // What is not answered is posted as kStopped.
  ~SdkBackend() override;

  void publish(sdk::Event event, Done<sdk::TriggerAnswer> done) override;
  void publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                     Done<sdk::BatchAnswer> done) override;
  void channels(sdk::ChannelsQuery query, Done<sdk::ChannelsAnswer> done) override;
  void channel(std::string name, sdk::ChannelQuery query, Done<sdk::ChannelAnswer> done) override;
  void members(std::string channel, Done<std::vector<std::string>> done) override;
  void user_count(Done<std::uint64_t> done) override;
  void terminate_user(std::string user_id, Done<void> done) override;
  std::chrono::milliseconds health_age_max() const override;

 private:
  template <typename T>
  sdk::Callback<T> on_loop(Done<T> done) const;

  sdk::Client client_;
  Executor& loop_;
  const bool is_hosted_;
  const std::chrono::seconds hosted_health_age_;
};

}  // namespace fanfare::gateway
