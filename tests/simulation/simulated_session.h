// SimulatedSession: a connection that checks everything it is told against the HomeHistory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/home.h"
#include "core/subscriber.h"
#include "simulation/home_history.h"

namespace fanfare::simulation {

class SimulatedSession final : public core::Subscriber {
 public:
  // What it knows of a channel that it subscribed to.
  struct View {
    std::uint32_t attempt = 0;
    bool is_active = false;
    std::optional<std::size_t> next;      // place of the next event in the history, once it is known
    std::optional<std::uint64_t> cached;  // what came with the admission
    std::set<std::string> members;
    std::size_t count = 0;  // of the latest subscription_count
  };

  // `history` and `violations` outlive this; `presence_user` is who it is in presence channels.
  SimulatedSession(std::size_t loop, std::string presence_user, HomeHistory& history,
                   std::vector<std::string>& violations)
      : loop_(loop), presence_user_(std::move(presence_user)), history_(history), violations_(violations) {}

  std::size_t loop() const noexcept { return loop_; }
  const std::string& presence_user() const noexcept { return presence_user_; }
  bool is_terminated() const noexcept { return terminated_; }
  const std::map<std::string, View>& views() const noexcept { return views_; }
  const std::map<std::string, std::optional<bool>>& watched() const noexcept { return watched_; }

  void subscribe(core::LoopCore& core, const core::AppRef& app, const std::string& channel, bool hidden = false);
  void unsubscribe(core::LoopCore& core, const std::string& channel);
  void sign_in(core::LoopCore& core, const core::AppRef& app, const std::vector<std::string>& watch);
  // The last call.
  void close(core::LoopCore& core);
  // At quiescence: nothing is pending, nothing is missing. `members` and `count` are the truth about the channel.
  void check_view(const std::string& channel, const std::set<std::string>& members, std::size_t count);

  void deliver(const core::Delivery& delivery, core::FrameClass frame_class) override;
  void on_admitted(core::Subscription& subscription, const core::Admitted& admitted) override;
  void on_refused(const core::ChannelName& channel, const core::Refused& refused) override;
  void on_kicked(const core::ChannelName& channel) override;
  void on_terminated() override;
  void on_watch_notice(const core::WatchNotice& notice) override;
  MonotonicTime on_round(MonotonicTime now) override { return now + std::chrono::hours(1); }
  const std::string& user_id() const noexcept override { return user_id_; }

 private:
  void receive(std::string_view payload);
  void receive_event(const std::string& channel, View& view, std::uint64_t id);
  void resolve_start(const std::string& channel, View& view);
  void skip_own(const ChannelHistory& history, View& view) const;
  void violation(const std::string& what) const;

  std::size_t loop_;
  std::string presence_user_;
  HomeHistory& history_;
  std::vector<std::string>& violations_;
  std::string user_id_;
  std::uint32_t attempts_ = 0;
  bool terminated_ = false;
  std::map<std::string, View> views_;
  std::map<std::string, std::optional<bool>> watched_;  // by the user's channel; empty until the answer
};

}  // namespace fanfare::simulation
