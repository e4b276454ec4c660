#include "core/publisher.h"

#include <array>
#include <cstdint>

#include "core/loop_core.h"

namespace fanfare::core {

namespace {

bool is_same_event(const EventTokens& a, const EventTokens& b) {
  return a.name.data() == b.name.data() && a.data.data() == b.data.data() && a.user_id.data() == b.user_id.data();
}

}  // namespace

Status Publisher::publish(const App& app, std::span<const OutgoingEvent> events, EventSource source) {
  const LoopLink& link = core_.link();
  if (link.loops().size() > 1) {
    if (Status reserved = reserve(events); !reserved.ok()) return reserved;
  }
  const MonotonicTime received = core_.clock().monotonic();
  StoredEventRef stored;
  const EventTokens* stored_tokens = nullptr;
  for (const OutgoingEvent& outgoing : events) {
    const PublishFacts facts{outgoing.except, received, source, app.cache_ttl};
    const LoopIndex home = link.loops().home_of(outgoing.channel.hash);
    if (link.is_self(home)) {
      core_.channels().publish(outgoing.channel, outgoing.event, nullptr, facts);
      continue;
    }
    if (stored_tokens == nullptr || !is_same_event(*stored_tokens, outgoing.event)) {
      stored = StoredEventRef(new StoredEvent(outgoing.event));
      stored_tokens = &outgoing.event;
    }
    link.send_reserved(home, Publish{make_channel_ref(outgoing.channel), stored, facts});
  }
  return {};
}

// Takes the places that the events need in the mailboxes of other loops: all of them or none.
Status Publisher::reserve(std::span<const OutgoingEvent> events) const {
  const LoopLink& link = core_.link();
  std::array<std::uint32_t, ConnectionRef::kLoopsMax> needed{};
  for (const OutgoingEvent& outgoing : events) {
    const LoopIndex home = link.loops().home_of(outgoing.channel.hash);
    if (!link.is_self(home)) ++needed[home.value()];
  }
  for (std::size_t i = 0; i < link.loops().size(); ++i) {
    if (needed[i] == 0 || link.loops()[to_loop_index(i)].executor->try_reserve(needed[i])) continue;
    for (std::size_t taken = 0; taken < i; ++taken) {
      if (needed[taken] != 0) link.loops()[to_loop_index(taken)].executor->release(needed[taken]);
    }
    core_.stats().publish_refused.add();
    return Error{ErrorKind::kUnavailable,
                 "The server is overloaded: the queue of a worker is full. Try again in a moment."};
  }
  return {};
}

}  // namespace fanfare::core
