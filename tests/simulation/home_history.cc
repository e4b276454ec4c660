#include "simulation/home_history.h"

#include <string_view>

namespace fanfare::simulation {

namespace {

// Of the data token "17", quotes included.
std::uint64_t event_id(std::string_view data_token) {
  return std::stoull(std::string(data_token.substr(1, data_token.size() - 2)));
}

}  // namespace

void HomeHistory::start(test::CoreLoops& loops, const std::vector<std::string>& channels) {
  loops_ = &loops;
  refused_.resize(loops.cores.size(), 0);
  for (const std::string& name : channels) {
    ChannelHistory history;
    history.name = name;
    history.home = loops.loops.home_of(core::hash_of_channel({}, name)).value();
    history.is_cached = pusher::channel_traits(name).cached;
    history.is_presence = pusher::channel_traits(name).has_members();
    channels_.emplace(name, history);
  }
}

std::uint64_t HomeHistory::new_event(core::ConnectionRef except) {
  except_.push_back(except);
  return except_.size() - 1;
}

void HomeHistory::expect_join(std::size_t loop, const std::string& channel, AttemptKey key) {
  joins_[{loop, of(channel).home}].push_back({channel, key});
}

const std::size_t* HomeHistory::events_at_join(AttemptKey key) const {
  const auto found = events_at_join_.find(key);
  return found == events_at_join_.end() ? nullptr : &found->second;
}

void HomeHistory::look(std::size_t home, std::size_t sender) {
  core::LoopCore& core = (*loops_)[home];
  const std::uint64_t refused = core.stats().subscriptions_refused.value();
  if (refused != refused_[home]) take_join(home, sender, nullptr);
  refused_[home] = refused;
  for (auto& [name, history] : channels_) {
    if (history.home != home) continue;
    const core::ChannelView view({}, name);
    const core::Channel* channel = core.channels().find(view);
    const std::size_t subscriptions = channel == nullptr ? 0 : channel->subscription_count();
    if (subscriptions > history.subscriptions) take_join(home, sender, &history);
    history.subscriptions = subscriptions;
    if (!history.is_cached) continue;
    const core::EventCache::Entry* cached = core.cache().find(view, loops_->clock.monotonic());
    if (cached == nullptr) continue;
    const std::uint64_t id = event_id(cached->event->tokens().data);
    if (history.events.empty() || history.events.back() != id) history.events.push_back(id);
  }
}

void HomeHistory::take_join(std::size_t home, std::size_t sender, const ChannelHistory* admitted_to) {
  std::deque<ExpectedJoin>& expected = joins_[{sender, home}];
  if (expected.empty()) {
    violations_.emplace_back("a home took a join that nobody sent");
    return;
  }
  const ExpectedJoin join = expected.front();
  expected.pop_front();
  if (admitted_to == nullptr) return;
  if (join.channel != admitted_to->name) violations_.push_back("joins out of order at the home of " + join.channel);
  events_at_join_[join.key] = admitted_to->events.size();
}

void HomeHistory::expect_edge(bool is_new, const std::string& what) {
  bool& state = states_[what];
  if (state == is_new) violations_.push_back("not an edge: " + what);
  state = is_new;
}

void HomeHistory::on_occupied(const core::ChannelName& channel) { expect_edge(true, channel.text()); }
void HomeHistory::on_vacated(const core::ChannelName& channel) { expect_edge(false, channel.text()); }
void HomeHistory::on_member_added(const core::ChannelName& channel, std::string_view user_id) {
  expect_edge(true, channel.text() + " " + std::string(user_id));
}
void HomeHistory::on_member_removed(const core::ChannelName& channel, std::string_view user_id) {
  expect_edge(false, channel.text() + " " + std::string(user_id));
}
void HomeHistory::on_client_event(const core::ChannelName& channel, const core::EventTokens& event,
                                  core::ConnectionRef) {
  of(channel.text()).events.push_back(event_id(event.data));
}

}  // namespace fanfare::simulation
