// HomeHistory: what happened to each channel at its home, in the order it happened there: what sessions must see.
//
// It looks after every step of the simulation, and a step runs at most one task, so that nothing stays unseen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/channel_observer.h"
#include "core/connection_ref.h"
#include "support/core_loops.h"

namespace fanfare::simulation {

// One subscribe() of one connection.
struct AttemptKey {
  std::uint64_t connection = 0;
  std::uint32_t attempt = 0;
  friend auto operator<=>(const AttemptKey&, const AttemptKey&) = default;
};

inline std::uint64_t number_of(core::ConnectionRef ref) {
  return (std::uint64_t{ref.socket_id().a} << 32U) | ref.socket_id().b;
}

struct ChannelHistory {
  std::string name;
  std::size_t home = 0;
  bool is_cached = false;
  bool is_presence = false;
  std::vector<std::uint64_t> events;  // ids, in the home's order
  std::size_t subscriptions = 0;      // as last seen
};

class HomeHistory final : public core::ChannelObserver {
 public:
  // `loops` and the list outlive this.
  HomeHistory(std::vector<std::string>& violations) : violations_(violations) {}
  void start(test::CoreLoops& loops, const std::vector<std::string>& channels);

  ChannelHistory& of(const std::string& channel) { return channels_.at(channel); }
  std::map<std::string, ChannelHistory>& all() { return channels_; }

  // A publish is about to start; its id is what the event's data holds.
  std::uint64_t new_event(core::ConnectionRef except);
  core::ConnectionRef except_of(std::uint64_t event) const { return except_.at(event); }
  // A Join is about to leave `loop`.
  void expect_join(std::size_t loop, const std::string& channel, AttemptKey key);
  // How many events the channel had had when the home took the Join. Null: it has not.
  const std::size_t* events_at_join(AttemptKey key) const;

  // After each step: `home` ran, with something that `sender` had sent.
  void look(std::size_t home, std::size_t sender);

  void on_occupied(const core::ChannelName& channel) override;
  void on_vacated(const core::ChannelName& channel) override;
  void on_member_added(const core::ChannelName& channel, std::string_view user_id) override;
  void on_member_removed(const core::ChannelName& channel, std::string_view user_id) override;
  void on_client_event(const core::ChannelName& channel, const core::EventTokens& event, core::ConnectionRef) override;
  void on_cache_miss(const core::ChannelName&) override {}
  void on_subscription_count(const core::ChannelName&, std::size_t) override {}

 private:
  struct ExpectedJoin {
    std::string channel;
    AttemptKey key;
  };

  void take_join(std::size_t home, std::size_t sender, const ChannelHistory* admitted_to);
  void expect_edge(bool is_new, const std::string& what);

  std::vector<std::string>& violations_;
  test::CoreLoops* loops_ = nullptr;
  std::map<std::string, ChannelHistory> channels_;
  std::vector<core::ConnectionRef> except_;                                        // by event id
  std::map<std::pair<std::size_t, std::size_t>, std::deque<ExpectedJoin>> joins_;  // by sender and home
  std::map<AttemptKey, std::size_t> events_at_join_;
  std::vector<std::uint64_t> refused_;  // by home, as last seen
  std::map<std::string, bool> states_;  // occupied channels and present members
};

}  // namespace fanfare::simulation
