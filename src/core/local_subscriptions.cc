#include "core/local_subscriptions.h"

#include <vector>

#include "base/assert.h"
#include "core/loop_core.h"

namespace fanfare::core {

namespace {
constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
}  // namespace

std::size_t LocalSubscriptions::index_of(const Subscriber& subscriber, const HubChannel* channel) {
  for (std::size_t i = 0; i < subscriber.subscriptions_.size(); ++i) {
    if (subscriber.subscriptions_[i].channel == channel) return i;
  }
  return kNowhere;
}

Subscription* LocalSubscriptions::find(Subscriber& subscriber, const ChannelView& channel) const {
  const HubChannel* known = hub_.find(channel);
  if (known == nullptr) return nullptr;
  const std::size_t index = index_of(subscriber, known);
  return index == kNowhere ? nullptr : &subscriber.subscriptions_[index];
}

SubscribeOutcome LocalSubscriptions::subscribe(Subscriber& subscriber, const AppRef& app, const ChannelView& channel,
                                               MemberRef member, bool hidden) {
  if (find(subscriber, channel) != nullptr) return SubscribeOutcome::kAlreadySubscribed;
  const std::uint32_t most = app->limits.subscriptions_per_connection;
  const std::size_t hidden_ones = subscriber.user_id().empty() ? 0 : 1;  // a signed-in user's own channel
  if (most != 0 && !hidden && subscriber.subscriptions_.size() >= most + hidden_ones) return SubscribeOutcome::kTooMany;

  HubChannel& local = hub_.find_or_make(channel);
  local.expect();
  Subscription subscription;
  subscription.channel = &local;
  subscriber.attempts_ = (subscriber.attempts_ + 1) & Subscription::kAttemptsMask;
  subscription.attempt = subscriber.attempts_ & Subscription::kAttemptsMask;
  subscription.hidden = hidden;
  subscription.member = member;
  subscriber.subscriptions_.push_back(std::move(subscription));

  const LoopIndex home = link_.loops().home_of(channel.hash);
  link_.send(home, Join{local.name(), subscriber.ref(), subscriber.attempts_, app, std::move(member)});
  return SubscribeOutcome::kStarted;
}

bool LocalSubscriptions::unsubscribe(Subscriber& subscriber, const ChannelView& channel) {
  const HubChannel* known = hub_.find(channel);
  if (known == nullptr) return false;
  const std::size_t index = index_of(subscriber, known);
  if (index == kNowhere) return false;
  remove(subscriber, index);
  return true;
}

void LocalSubscriptions::unsubscribe_all(Subscriber& subscriber) {
  while (!subscriber.subscriptions_.empty()) remove(subscriber, subscriber.subscriptions_.size() - 1);
}

// The Leave goes out even while the answer is pending: otherwise a close during subscribe leaks a count at home.
void LocalSubscriptions::remove(Subscriber& subscriber, std::size_t index) {
  auto& all = subscriber.subscriptions_;
  HubChannel& channel = *all[index].channel;
  const Leave leave{channel.name(), subscriber.ref(), all[index].attempt};
  if (all[index].is_active()) {
    channel.leave_seat(all[index].seat);
    stats_.unsubscribed.add();
    stats_.subscriptions.add(-1);
  } else {
    channel.stop_expecting();
  }
  if (index + 1 != all.size()) {
    all[index] = std::move(all.back());
    if (all[index].is_active()) all[index].channel->reindex(all[index].seat, static_cast<std::uint32_t>(index));
  }
  all.pop_back();
  hub_.release(channel);
  const LoopIndex home = link_.loops().home_of(leave.channel->hash());
  link_.send(home, Leave(leave));
}

template <typename Answer>
std::size_t LocalSubscriptions::pending_index(Subscriber& subscriber, const Answer& message) const {
  const HubChannel* channel = hub_.find(message.channel->view());
  if (channel == nullptr) return kNowhere;
  const std::size_t index = index_of(subscriber, channel);
  if (index == kNowhere) return kNowhere;
  const Subscription& subscription = subscriber.subscriptions_[index];
  return !subscription.is_active() && subscription.attempt == message.attempt ? index : kNowhere;
}

void LocalSubscriptions::receive(Admitted&& message) {
  Subscriber* subscriber = connections_.find(message.connection);
  if (subscriber == nullptr) return;
  const std::size_t index = pending_index(*subscriber, message);
  if (index == kNowhere) return;
  Subscription& subscription = subscriber->subscriptions_[index];
  subscription.channel->stop_expecting();
  subscription.channel->take_seat(*subscriber, static_cast<std::uint32_t>(index));
  stats_.subscribed.add();
  stats_.subscriptions.add(1);
  subscriber->on_admitted(subscription, message);
}

void LocalSubscriptions::receive(const Refused& message) {
  Subscriber* subscriber = connections_.find(message.connection);
  if (subscriber == nullptr) return;
  const std::size_t index = pending_index(*subscriber, message);
  if (index == kNowhere) return;
  remove(*subscriber, index);
  subscriber->on_refused(*message.channel, message);
}

void LocalSubscriptions::receive(const Kick& message) {
  const HubChannel* channel = hub_.find(message.channel->view());
  if (channel == nullptr) return;
  std::vector<Subscriber*> kicked;
  channel->for_each([&](Subscriber& subscriber, std::uint32_t index) {
    const Member* const member = subscriber.subscriptions_[index].member.get();
    const std::string_view user_id = member == nullptr ? std::string_view(subscriber.user_id()) : member->user_id();
    if (!user_id.empty() && user_id == message.user_id) kicked.push_back(&subscriber);
  });
  for (Subscriber* subscriber : kicked) {
    (void)unsubscribe(*subscriber, message.channel->view());
    subscriber->on_kicked(*message.channel);
  }
}

void LocalSubscriptions::receive(const Terminate& message) {
  const HubChannel* channel = hub_.find(message.channel->view());
  if (channel == nullptr) return;
  // on_terminated() closes at the end of the turn, so seats do not move under the walk.
  channel->for_each([](Subscriber& subscriber, std::uint32_t) { subscriber.on_terminated(); });
}

}  // namespace fanfare::core
