#include "core/channel.h"

#include <algorithm>

#include "base/assert.h"
#include "base/scratch.h"
#include "core/channel_observer.h"
#include "core/loop_core.h"
#include "ws/frame.h"

namespace fanfare::core {

namespace {

// Frames of one turn are carved from a chunk of this size, from the second one on.
constexpr std::size_t kBurstChunkBytes = 16 * kKiB;

}  // namespace

Channel::Channel(ChannelRef name, std::size_t loops) : name_(std::move(name)), joined_on_(loops, 0) {
  if (name_->is_presence()) presence_ = std::make_unique<Presence>();
}

void Channel::join(Join&& join, HomeContext& home) {
  app_ = join.app;
  ++joined_on_[join.connection.loop().value()];
  ++joined_;
  if (presence_ != nullptr && !admit_member(join, home)) return;
  if (++subscriptions_ == 1) {
    home.stats.channels.add(1);
    if (home.observer != nullptr) home.observer->on_occupied(*name_);
  }
  answer(join, home);
  count_changed(home);
}

// The others hear of a new member before the joiner is admitted, so it does not hear of itself. Source: REF 4.2
bool Channel::admit_member(const Join& join, HomeContext& home) {
  FANFARE_ASSERT(join.member != nullptr);
  switch (presence_->roster.join(join.connection, join.member, app_->limits.presence_members)) {
    case PresenceRoster::JoinOutcome::kFurtherConnection:
      return true;
    case PresenceRoster::JoinOutcome::kFull:
      presence_->refused.push_back({join.connection, join.attempt});
      home.stats.subscriptions_refused.add();
      home.link.send(join.connection.loop(), Refused{name_, join.connection, join.attempt, RefusalReason::kPresenceFull,
                                                     app_->limits.presence_members});
      return false;
    case PresenceRoster::JoinOutcome::kFirstConnection:
      break;
  }
  home.stats.presence_members.add(1);
  if (subscriptions_ != 0) {
    std::string& payload = scratch();
    pusher::append_member_added(payload, name_->text(), join.member->fragments());
    deliver_protocol(payload, home);
  }
  if (home.observer != nullptr) home.observer->on_member_added(*name_, join.member->user_id());
  return true;
}

void Channel::answer(const Join& join, HomeContext& home) {
  Admitted admitted{name_, join.connection, join.attempt, CacheAnswer::kNotCached, {}, {}};
  if (presence_ != nullptr) {
    std::string& payload = scratch();
    presence_->roster.append_roster(payload, name_->text());
    admitted.roster_frame = ws::encode_text_frame(payload).slice();
  }
  if (name_->is_cached()) {
    if (const EventCache::Entry* cached = home.cache.find(name_->view(), home.clock.monotonic())) {
      const EventTokens event = cached->event->tokens();
      std::string& payload = scratch();
      pusher::append_client_event(payload, event.name, name_->text(), event.data, event.user_id);
      admitted.cached_frame = ws::encode_text_frame(payload).slice();
      admitted.cache = CacheAnswer::kHit;
      home.stats.cache_hits.add();
    } else {
      admitted.cache = CacheAnswer::kMiss;
      home.stats.cache_misses.add();
      if (home.observer != nullptr) home.observer->on_cache_miss(*name_);
    }
  }
  home.link.send(join.connection.loop(), std::move(admitted));
}

bool Channel::take_refusal(const Leave& leave) {
  if (presence_ == nullptr) return false;
  return std::erase_if(presence_->refused, [&](const Refusal& refusal) {
           return refusal.connection == leave.connection && refusal.attempt == leave.attempt;
         }) != 0;
}

void Channel::leave(const Leave& leave, HomeContext& home) {
  std::uint32_t& on_loop = joined_on_[leave.connection.loop().value()];
  FANFARE_ASSERT(on_loop != 0);
  --on_loop;
  --joined_;
  if (take_refusal(leave)) return;
  --subscriptions_;
  if (presence_ != nullptr) {
    if (const MemberRef gone = presence_->roster.leave(leave.connection)) {
      home.stats.presence_members.add(-1);
      std::string& payload = scratch();
      pusher::append_member_removed(payload, name_->text(), gone->user_id());
      deliver_protocol(payload, home);
      if (home.observer != nullptr) home.observer->on_member_removed(*name_, gone->user_id());
    }
  }
  if (subscriptions_ == 0) {
    home.stats.channels.add(-1);
    if (home.observer != nullptr) home.observer->on_vacated(*name_);
  }
  count_changed(home);
}

bool Channel::publish(const EventTokens& event, const PublishFacts& facts, HomeContext& home) {
  if (joined_ == 0) return true;
  // A client may send right behind its subscribe; if the channel was full, it is no member and has no say.
  if (presence_ != nullptr && facts.source == EventSource::kClient && !presence_->roster.is_member(facts.except)) {
    return false;
  }
  std::string& payload = scratch();
  pusher::append_client_event(payload, event.name, name_->text(), event.data, event.user_id);
  deliver(frame(payload, home), facts, FrameClass::kEvent, home);
  return true;
}

// The first frame of a turn gets a chunk of its own size; further ones lie side by side in a larger one.
BytesSlice Channel::frame(std::string_view payload, HomeContext& home) {
  const std::size_t bytes = ws::server_frame_bytes(payload.size());
  if (last_turn_ != home.turn || bytes > kBurstChunkBytes) {
    last_turn_ = home.turn;
    return ws::encode_text_frame(payload).slice();
  }
  if (!burst_ || burst_.room() < bytes) burst_ = SharedBytes::with_capacity(kBurstChunkBytes);
  return ws::append_text_frame(burst_, payload).slice();
}

void Channel::deliver(const BytesSlice& frame, const PublishFacts& facts, FrameClass frame_class,
                      HomeContext& home) const {
  for (std::size_t i = 0; i < joined_on_.size(); ++i) {
    if (joined_on_[i] == 0) continue;
    const LoopIndex loop = to_loop_index(i);
    if (home.link.is_self(loop)) {
      home.hub.deliver(name_->view(), frame, facts.except, frame_class, facts.received);
      continue;
    }
    Deliver message{name_, frame, facts.except, frame_class, facts.received};
    if (frame_class == FrameClass::kProtocol) {
      home.link.send(loop, std::move(message));
    } else if (home.link.loops()[loop].executor->try_reserve(1)) {
      home.link.send_reserved(loop, std::move(message));
    } else {
      home.stats.deliver_dropped.add();
    }
  }
}

void Channel::deliver_protocol(std::string_view payload, HomeContext& home) {
  deliver(frame(payload, home), PublishFacts{}, FrameClass::kProtocol, home);
}

// Source: REF 4.4: at once for small channels, for large ones at most every few seconds and only while it changes.
void Channel::count_changed(HomeContext& home) {
  if (!app_->switches.subscription_count || presence_ != nullptr || name_->is_user_channel()) return;
  if (count_due_ != MonotonicTime{}) return;
  const MonotonicTime now = home.clock.monotonic();
  if (subscriptions_ <= home.options.subscription_count_immediate_max ||
      now - count_sent_ >= home.options.subscription_count_interval) {
    send_count(home);
  } else {
    count_due_ = count_sent_ + home.options.subscription_count_interval;
    count_due_is_new_ = true;
  }
}

void Channel::send_due_count(HomeContext& home) {
  count_due_ = {};
  send_count(home);
}

void Channel::send_count(HomeContext& home) {
  count_sent_ = home.clock.monotonic();
  if (subscriptions_ != 0) {
    std::string& payload = scratch();
    pusher::append_subscription_count(payload, name_->text(), subscriptions_);
    deliver_protocol(payload, home);
  }
  if (home.observer != nullptr) home.observer->on_subscription_count(*name_, subscriptions_);
}

std::vector<std::string> Channel::member_ids() const {
  return presence_ == nullptr ? std::vector<std::string>{} : presence_->roster.user_ids();
}

}  // namespace fanfare::core
