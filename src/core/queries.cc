#include "core/queries.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "core/loop_core.h"

namespace fanfare::core {

namespace {

// Runs `ask(LoopCore&)` on loop `at` and `done(its result)` back on the asker's loop.
template <typename Ask, typename Done>
void ask_at(LoopCore& asker, LoopIndex at, Ask ask, Done done) {
  const LoopLink& link = asker.link();
  const LoopSet::Peer& there = link.loops()[at];
  if (link.is_self(at)) return done(ask(*there.core));
  Executor* back = link.loops()[link.self()].executor;
  there.executor->post([core = there.core, back, question = std::move(ask), then = std::move(done)]() mutable {
    back->post([answer = question(*core), then = std::move(then)]() mutable { then(std::move(answer)); });
  });
}

// Runs `act(LoopCore&)` on loop `at`.
template <typename Act>
void act_at(LoopCore& asker, LoopIndex at, Act act) {
  const LoopLink& link = asker.link();
  const LoopSet::Peer& there = link.loops()[at];
  if (link.is_self(at)) return act(*there.core);
  there.executor->post([core = there.core, action = std::move(act)]() mutable { action(*core); });
}

LoopIndex home_of(const LoopCore& asker, std::uint64_t hash) { return asker.link().loops().home_of(hash); }

ChannelCounts counts_of(const Channel& channel) { return {channel.subscription_count(), channel.member_count()}; }

ChannelCounts counts_at_home(LoopCore& home, const ChannelView& channel) {
  const Channel* known = home.channels().find(channel);
  return known == nullptr ? ChannelCounts{} : counts_of(*known);
}

// Collects one answer from each of several loops.
template <typename Part>
struct Gathering {
  std::vector<Part> parts;
  std::size_t missing = 0;
  std::function<void(std::vector<Part>)> done;
};

// Runs `ask(LoopCore&)`, which gives a vector, on every loop, and `done` with all of them joined on the asker's.
template <typename Part, typename Ask>
void ask_everywhere(LoopCore& asker, Ask ask, std::function<void(std::vector<Part>)> done) {
  const std::size_t loops = asker.link().loops().size();
  auto gathering = std::make_shared<Gathering<Part>>();
  gathering->missing = loops;
  gathering->done = std::move(done);
  for (std::size_t i = 0; i < loops; ++i) {
    ask_at(asker, to_loop_index(i), ask, [gathering](std::vector<Part> part) {
      auto& all = gathering->parts;
      all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
      if (--gathering->missing == 0) gathering->done(std::move(all));
    });
  }
}

}  // namespace

void query_channel(LoopCore& asker, const ChannelView& channel, std::function<void(ChannelAnswer)> done) {
  ask_at(
      asker, home_of(asker, channel.hash),
      [name = make_channel_ref(channel)](LoopCore& home) {
        ChannelAnswer answer{counts_at_home(home, name->view()), std::nullopt};
        const MonotonicTime now = home.clock().monotonic();
        if (const EventCache::Entry* cached = home.cache().find(name->view(), now)) {
          answer.cached = CachedEvent{std::string(cached->event->tokens().data),
                                      std::chrono::duration_cast<std::chrono::seconds>(cached->expires - now)};
        }
        return answer;
      },
      std::move(done));
}

void query_counts(LoopCore& asker, AppIndex app, const std::vector<std::string>& channels,
                  std::function<void(std::vector<ChannelCounts>)> done) {
  if (channels.empty()) return done({});
  auto gathering = std::make_shared<Gathering<ChannelCounts>>();
  gathering->parts.resize(channels.size());
  gathering->missing = channels.size();
  gathering->done = std::move(done);
  for (std::size_t i = 0; i < channels.size(); ++i) {
    const ChannelView view(app, channels[i]);
    ask_at(
        asker, home_of(asker, view.hash),
        [name = make_channel_ref(view)](LoopCore& home) { return counts_at_home(home, name->view()); },
        [gathering, i](ChannelCounts counts) {
          gathering->parts[i] = counts;
          if (--gathering->missing == 0) gathering->done(std::move(gathering->parts));
        });
  }
}

void query_members(LoopCore& asker, const ChannelView& channel, std::function<void(std::vector<std::string>)> done) {
  ask_at(
      asker, home_of(asker, channel.hash),
      [name = make_channel_ref(channel)](LoopCore& home) {
        const Channel* known = home.channels().find(name->view());
        return known == nullptr ? std::vector<std::string>{} : known->member_ids();
      },
      std::move(done));
}

void query_channels(LoopCore& asker, AppIndex app, const std::string& prefix,
                    std::function<void(std::vector<NamedCounts>)> done) {
  ask_everywhere<NamedCounts>(
      asker,
      [app, prefix](LoopCore& home) {
        std::vector<NamedCounts> found;
        home.channels().for_each_occupied(app, prefix, [&](const Channel& channel) {
          found.push_back({channel.name()->text(), counts_of(channel)});
        });
        return found;
      },
      std::move(done));
}

void query_users(LoopCore& asker, AppIndex app, std::function<void(std::vector<std::string>)> done) {
  ask_everywhere<std::string>(
      asker, [app](LoopCore& home) { return home.channels().user_ids(app); },
      [then = std::move(done)](std::vector<std::string> ids) {
        // One user may be signed in on one loop and a member on others.
        std::sort(ids.begin(), ids.end());
        ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
        then(std::move(ids));
      });
}

void terminate_user(LoopCore& asker, AppIndex app, std::string_view user_id) {
  const std::string own_channel = pusher::server_to_user_channel(user_id);
  const ChannelView view(app, own_channel);
  asker.link().send(home_of(asker, view.hash), TerminateUser{make_channel_ref(view)});
}

void kick_member(LoopCore& asker, const ChannelView& channel, std::string_view user_id) {
  asker.link().send(home_of(asker, channel.hash), KickMember{make_channel_ref(channel), std::string(user_id)});
}

void begin_idempotent(LoopCore& asker, const App& app, std::string key, IdempotencyTable::Verdict verdict) {
  const LoopIndex home = home_of(asker, hash_of_channel(app.index, key));
  const LoopLink& link = asker.link();
  if (link.is_self(home)) {
    asker.idempotency().begin(app.index, key, asker.clock().monotonic(), app.idempotency_window, std::move(verdict));
    return;
  }
  Executor* back = link.loops()[link.self()].executor;
  act_at(asker, home,
         [index = app.index, window = app.idempotency_window, text = std::move(key), back,
          then = std::move(verdict)](LoopCore& core) {
           // The verdict may come much later: when the first request is finished.
           core.idempotency().begin(index, text, core.clock().monotonic(), window,
                                    [back, then](IdempotencyVerdict outcome, const PublishAnswer& answer) {
                                      back->post([then, outcome, answer] { then(outcome, answer); });
                                    });
         });
}

void finish_idempotent(LoopCore& asker, const App& app, std::string key, PublishAnswer answer) {
  const LoopIndex home = home_of(asker, hash_of_channel(app.index, key));  // before the key is moved
  act_at(asker, home, [index = app.index, text = std::move(key), given = std::move(answer)](LoopCore& core) mutable {
    core.idempotency().finish(index, text, std::move(given));
  });
}

void abandon_idempotent(LoopCore& asker, const App& app, std::string key) {
  const LoopIndex home = home_of(asker, hash_of_channel(app.index, key));  // before the key is moved
  act_at(asker, home,
         [index = app.index, text = std::move(key)](LoopCore& core) { core.idempotency().abandon(index, text); });
}

}  // namespace fanfare::core
