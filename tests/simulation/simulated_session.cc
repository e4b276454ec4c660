#include "simulation/simulated_session.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/loop_core.h"
#include "support/frame_payloads.h"

namespace fanfare::simulation {

namespace {

// The text between `before` and the next `end`; empty: it is not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view end) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + before.size());
  return text.substr(0, text.find(end));
}

// From \"ids\":[\"u1\",\"u2\"] as it stands in a roster.
std::set<std::string> roster_ids(std::string_view payload) {
  std::set<std::string> ids;
  std::string_view list = between(payload, R"(\"ids\":[)", "]");
  while (!list.empty()) {
    const std::string_view id = between(list, R"(\")", R"(\")");
    ids.emplace(id);
    list.remove_prefix(std::min(list.size(), id.size() + 5));
  }
  return ids;
}

core::ChannelRef channel_ref(const std::string& name) { return core::make_channel_ref(core::ChannelView({}, name)); }

}  // namespace

void SimulatedSession::violation(const std::string& what) const {
  violations_.push_back("session " + std::to_string(number_of(ref())) + ": " + what);
}

void SimulatedSession::subscribe(core::LoopCore& core, const core::AppRef& app, const std::string& channel,
                                 bool hidden) {
  using Outcome = core::SubscribeOutcome;
  core::MemberRef member;
  if (history_.of(channel).is_presence) member = core::Member::make(presence_user_, {});
  const bool is_known = views_.contains(channel);
  if (!is_known) {
    views_[channel].attempt = ++attempts_;
    history_.expect_join(loop_, channel, {number_of(ref()), attempts_});
  }
  const Outcome outcome =
      core.subscriptions().subscribe(*this, app, core::ChannelView({}, channel), std::move(member), hidden);
  if (outcome != (is_known ? Outcome::kAlreadySubscribed : Outcome::kStarted)) {
    violation("wrong outcome of subscribing to " + channel);
  }
}

void SimulatedSession::unsubscribe(core::LoopCore& core, const std::string& channel) {
  const bool was_known = views_.erase(channel) != 0;
  if (core.subscriptions().unsubscribe(*this, core::ChannelView({}, channel)) != was_known) {
    violation("wrong outcome of unsubscribing from " + channel);
  }
}

void SimulatedSession::sign_in(core::LoopCore& core, const core::AppRef& app, const std::vector<std::string>& watch) {
  user_id_ = presence_user_;
  subscribe(core, app, pusher::server_to_user_channel(user_id_), true);
  const core::LoopLink& link = core.link();
  for (const std::string& user : watch) {
    const core::ChannelRef channel = channel_ref(pusher::server_to_user_channel(user));
    watched_[channel->text()];
    link.send(link.loops().home_of(channel->hash()), core::Watch{channel, ref(), 1});
  }
}

void SimulatedSession::close(core::LoopCore& core) {
  const core::LoopLink& link = core.link();
  for (const auto& [name, state] : watched_) {
    const core::ChannelRef channel = channel_ref(name);
    link.send(link.loops().home_of(channel->hash()), core::Unwatch{channel, ref()});
  }
  views_.clear();
  core.remove(*this);
}

void SimulatedSession::check_view(const std::string& channel, const std::set<std::string>& members, std::size_t count) {
  View& view = views_.at(channel);
  if (!view.is_active) return violation("still pending in " + channel);
  resolve_start(channel, view);
  if (!view.next) return;
  const ChannelHistory& history = history_.of(channel);
  skip_own(history, view);
  if (*view.next != history.events.size()) violation("the latest events are missing in " + channel);
  if (view.members != members) violation("wrong view of the members of " + channel);
  const bool is_counted = !history.is_presence && !channel.starts_with(pusher::kServerToUserPrefix);
  if (is_counted && view.count != count) violation("wrong subscription_count of " + channel);
}

void SimulatedSession::deliver(const core::Delivery& delivery, core::FrameClass) {
  for (const std::string_view payload : test::frame_payloads(delivery.frames().view())) receive(payload);
}

void SimulatedSession::receive(std::string_view payload) {
  const std::string channel(between(payload, R"("channel":")", "\""));
  const std::string_view event = between(payload, R"({"event":")", "\"");
  const auto found = views_.find(channel);
  if (found == views_.end() || !found->second.is_active) {
    return violation(std::string(event) + " of " + channel + " outside a subscription");
  }
  View& view = found->second;
  if (event == "pusher_internal:member_added") {
    const std::string user(between(payload, R"(\"user_id\":\")", R"(\")"));
    if (!view.members.insert(user).second) violation("a present member was added to " + channel + ": " + user);
  } else if (event == "pusher_internal:member_removed") {
    const std::string user(between(payload, R"(\"user_id\":\")", R"(\")"));
    if (view.members.erase(user) == 0) violation("an absent member was removed from " + channel + ": " + user);
  } else if (event == "pusher_internal:subscription_count") {
    view.count = std::stoull(std::string(between(payload, R"(\"subscription_count\":)", "}")));
  } else {
    receive_event(channel, view, std::stoull(std::string(between(payload, R"("data":")", "\""))));
  }
}

void SimulatedSession::receive_event(const std::string& channel, View& view, std::uint64_t id) {
  resolve_start(channel, view);
  if (!view.next) return;
  const ChannelHistory& history = history_.of(channel);
  skip_own(history, view);
  if (*view.next >= history.events.size() || history.events[*view.next] != id) {
    violation("gap, repetition or reordering in " + channel + " at event " + std::to_string(id));
    return;
  }
  ++*view.next;
}

void SimulatedSession::resolve_start(const std::string& channel, View& view) {
  if (view.next) return;
  const std::size_t* start = history_.events_at_join({number_of(ref()), view.attempt});
  if (start == nullptr) return violation("in " + channel + " without a join at home");
  view.next = *start;
  const ChannelHistory& history = history_.of(channel);
  if (!history.is_cached) return;
  // Beyond the end only where joins were paired wrongly, because a mailbox was unordered.
  if (*start > history.events.size()) return violation("ahead of the home of " + channel);
  const bool is_right = *start == 0 ? !view.cached : view.cached == history.events[*start - 1];
  if (!is_right) violation("wrong cached event of " + channel);
}

void SimulatedSession::skip_own(const ChannelHistory& history, View& view) const {
  while (*view.next < history.events.size() && history_.except_of(history.events[*view.next]) == ref()) ++*view.next;
}

void SimulatedSession::on_admitted(core::Subscription&, const core::Admitted& admitted) {
  const std::string& channel = admitted.channel->text();
  const auto found = views_.find(channel);
  if (found == views_.end() || found->second.is_active || found->second.attempt != admitted.attempt) {
    return violation("an admission that it does not wait for: " + channel);
  }
  View& view = found->second;
  view.is_active = true;
  if (admitted.roster_frame.chunk) {
    view.members = roster_ids(test::frame_payloads(admitted.roster_frame.view()).front());
    if (!view.members.contains(presence_user_)) violation("not in its own roster of " + channel);
  }
  if (admitted.cached_frame.chunk) {
    const std::string_view payload = test::frame_payloads(admitted.cached_frame.view()).front();
    view.cached = std::stoull(std::string(between(payload, R"("data":")", "\"")));
  }
}

void SimulatedSession::on_refused(const core::ChannelName& channel, const core::Refused& refused) {
  const auto found = views_.find(channel.text());
  if (found == views_.end() || found->second.is_active || found->second.attempt != refused.attempt) {
    return violation("a refusal that it does not wait for: " + channel.text());
  }
  views_.erase(found);
}

void SimulatedSession::on_kicked(const core::ChannelName& channel) {
  const auto found = views_.find(channel.text());
  if (found == views_.end() || !found->second.is_active) return violation("kicked from where it is not");
  views_.erase(found);
}

void SimulatedSession::on_terminated() {
  if (user_id_.empty()) violation("terminated without being signed in");
  terminated_ = true;
}

void SimulatedSession::on_watch_notice(const core::WatchNotice& notice) {
  const auto found = watched_.find(notice.user->text());
  if (found == watched_.end()) return violation("a notice about someone it does not watch");
  const bool is_answer = notice.attempt != 0;
  if (is_answer == found->second.has_value()) violation("a notice before its answer, or a second answer");
  if (!is_answer && found->second == notice.online) violation("a notice that is no change");
  found->second = notice.online;
}

}  // namespace fanfare::simulation
