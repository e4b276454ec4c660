#include "core/loop_core.h"

namespace fanfare::core {

LoopCore::LoopCore(LoopIndex index, const LoopSet& loops, const CoreOptions& options, const Clock& clock,
                   ChannelObserver* observer)
    : link_(index, loops),
      options_(options),
      clock_(clock),
      connections_(index),
      hub_(connections_, stats_),
      subscriptions_(connections_, hub_, link_, stats_),
      cache_(options.cached_events_max, options.cached_bytes_max, stats_),
      home_{link_, hub_, cache_, stats_, options, clock, observer},
      users_(link_, stats_),
      channels_(home_, users_),
      idempotency_(options.idempotency_keys_max, options.idempotency_waiters_max, options.idempotency_bytes_max) {}

void LoopCore::remove(Subscriber& subscriber) {
  subscriptions_.unsubscribe_all(subscriber);
  connections_.remove(subscriber);
}

bool LoopCore::run_turn() {
  const bool has_more = hub_.run_fan_outs(options_.fan_out_slice_writes);
  channels_.end_turn();
  return has_more;
}

void LoopCore::run_due() {
  const MonotonicTime now = clock_.monotonic();
  channels_.run_due(now);
  users_.run_due(now);
}

void LoopCore::receive(const Publish& message) {
  channels_.publish(message.channel->view(), message.event->tokens(), message.event, message.facts);
}

void LoopCore::receive(Deliver&& message) {
  hub_.deliver(message.channel->view(), std::move(message.frame), message.except, message.frame_class,
               message.received);
}

void LoopCore::receive(const WatchNotice& message) {
  if (Subscriber* watcher = connections_.find(message.watcher)) watcher->on_watch_notice(message);
}

}  // namespace fanfare::core
