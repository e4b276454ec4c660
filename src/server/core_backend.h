// CoreBackend: the Channels server of this very process: the gateway publishes without a network hop.
//
// Order:  events to one channel arrive in the order of the calls: all go by one worker's loop.
// Thread: called on the gateway's loop; core is asked on the worker's, and the answer is posted back. Both loops are
// not
//         destroyed before this and all that it has posted.
// Bound:  a publish takes a place in the worker's mailbox, or fails with kLimit.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "fanfare/encryption.h"
#include "gateway/backend.h"

namespace fanfare {
class Executor;
}

namespace fanfare::server {

class Worker;

class CoreBackend final : public gateway::ChannelsBackend {
 public:
  // The app is looked up for each call: a reload may change it. `master_key`: for encrypted channels.
  CoreBackend(Worker& worker, std::string app_id, std::optional<sdk::MasterKey> master_key, Executor& gateway_loop);
  ~CoreBackend() override;

  void publish(sdk::Event event, gateway::Done<sdk::TriggerAnswer> done) override;
  void publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                     gateway::Done<sdk::BatchAnswer> done) override;
  void channels(sdk::ChannelsQuery query, gateway::Done<sdk::ChannelsAnswer> done) override;
  void channel(std::string name, sdk::ChannelQuery query, gateway::Done<sdk::ChannelAnswer> done) override;
  void members(std::string channel, gateway::Done<std::vector<std::string>> done) override;
  void user_count(gateway::Done<std::uint64_t> done) override;
  void terminate_user(std::string user_id, gateway::Done<void> done) override;
  std::chrono::milliseconds health_age_max() const override;

 private:
  struct Shared;

  // Runs `work` with the app on the worker's loop, or answers what is wrong. `work` answers by reply().
  template <typename T, typename Work>
  void ask(gateway::Done<T> done, Work work);

  std::shared_ptr<const Shared> shared_;
};

}  // namespace fanfare::server
