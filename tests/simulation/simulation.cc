#include "simulation/simulation.h"

#include <chrono>

#include "core/publisher.h"
#include "core/queries.h"

namespace fanfare::simulation {

namespace {

const std::vector<std::string> kUsers = {"u0", "u1", "u2", "u3"};
const std::vector<std::string> kChannels = {"news",          "private-orders",     "cache-price", "private-cache-rate",
                                            "presence-room", "presence-cache-hall"};

std::vector<std::string> all_channels() {
  std::vector<std::string> all = kChannels;
  for (const std::string& user : kUsers) all.push_back(pusher::server_to_user_channel(user));
  return all;
}

core::CoreOptions small_slices(SeededRandom& random) {
  core::CoreOptions options;
  options.fan_out_slice_writes = static_cast<std::uint32_t>(1 + random.below(3));
  return options;
}

core::AppRef draw_app(SeededRandom& random) {
  core::App app;
  app.switches.subscription_count = true;
  app.limits.presence_members = 3;  // of four users, so that refusals happen
  app.offline_delay = std::chrono::milliseconds(random.below(2) * 50);
  return test::make_app(app);
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : options_(options),
      random_(options.seed),
      history_(violations_),
      loops_(kLoops, small_slices(random_), &history_),
      app_(draw_app(random_)) {
  history_.start(loops_, all_channels());
}

std::vector<std::string> Simulation::run() {
  for (std::size_t i = 0; i < options_.steps; ++i) step();
  come_to_rest();
  check_views();
  for (auto& session : sessions_) {
    if (session != nullptr) close(session);
  }
  come_to_rest();
  check_nothing_is_left();
  return violations_;
}

void Simulation::step() {
  const std::uint64_t kind = random_.below(10);
  if (kind < 5 && run_a_task()) return;
  if (kind < 7) return run_a_turn(random_.below(kLoops));
  let_act(sessions_[random_.below(kSessions)]);
}

bool Simulation::run_a_task() {
  struct Lane {
    std::size_t loop;
    std::size_t sender;
    std::size_t tasks;  // at least one
  };
  std::vector<Lane> choices;
  for (std::size_t loop = 0; loop < kLoops; ++loop) {
    for (std::size_t sender = 0; sender < kLoops; ++sender) {
      const std::size_t tasks = loops_.executors[loop]->pending(sender);
      if (tasks != 0) choices.push_back({loop, sender, tasks});
    }
  }
  if (choices.empty()) return false;
  const auto [loop, sender, tasks] = one_of(choices);
  const std::size_t place = options_.is_unordered ? random_.below(tasks) : 0;
  loops_.run_one(loop, sender, place);
  history_.look(loop, sender);
  return true;
}

void Simulation::run_a_turn(std::size_t loop) {
  loops_.on(loop, [](core::LoopCore& core) { (void)core.run_turn(); });
  for (auto& session : sessions_) {
    if (session != nullptr && session->is_terminated() && session->loop() == loop) close(session);
  }
}

void Simulation::let_act(std::unique_ptr<SimulatedSession>& session) {
  if (session == nullptr) return connect(session);
  loops_.acting = session->loop();
  const std::size_t loop = session->loop();
  const std::uint64_t kind = random_.below(100);
  if (kind < 45) {
    subscribe_or_leave(*session);
  } else if (kind < 75) {
    publish(*session);
  } else if (kind < 85) {
    sign_in(*session);
  } else if (kind < 90) {
    pass_time(std::chrono::milliseconds(20));
  } else if (options_.is_unordered) {
    return;
  } else if (kind < 95) {
    use_api(loop);
  } else {
    close(session);
  }
  history_.look(loop, loop);
}

void Simulation::connect(std::unique_ptr<SimulatedSession>& session) {
  const std::size_t loop = random_.below(kLoops);
  session = std::make_unique<SimulatedSession>(loop, one_of(kUsers), history_, violations_);
  loops_[loop].connections().add(*session);
}

void Simulation::close(std::unique_ptr<SimulatedSession>& session) {
  const std::size_t loop = session->loop();
  loops_.on(loop, [&](core::LoopCore& core) { session->close(core); });
  session.reset();
  history_.look(loop, loop);
}

void Simulation::subscribe_or_leave(SimulatedSession& session) {
  core::LoopCore& core = loops_[session.loop()];
  const std::string& channel = one_of(kChannels);
  const bool may_leave = !options_.is_unordered;
  const bool leaves = may_leave && session.views().contains(channel) ? chance(70) : may_leave && chance(5);
  if (leaves) {
    session.unsubscribe(core, channel);
  } else {
    session.subscribe(core, app_, channel);
  }
}

void Simulation::publish(SimulatedSession& session) {
  core::LoopCore& core = loops_[session.loop()];
  const std::string channel = chance(85) ? one_of(kChannels) : pusher::server_to_user_channel(one_of(kUsers));
  const bool is_cached = history_.of(channel).is_cached;
  // HomeHistory reads a cache channel's events from the cache, one a step; the others' from the observer.
  const std::uint64_t burst = is_cached ? 1 : 1 + random_.below(4);
  // Client events of a presence channel are its members' alone, and never come back to their sender.
  const bool is_for_members = history_.of(channel).is_presence && !is_cached;
  const auto view = session.views().find(channel);
  if (is_for_members && (view == session.views().end() || !view->second.is_active)) return;
  const core::ConnectionRef except = is_for_members || chance(50) ? session.ref() : core::ConnectionRef{};
  for (std::uint64_t i = 0; i < burst; ++i) {
    const std::string data = '"' + std::to_string(history_.new_event(except)) + '"';
    const core::OutgoingEvent event{core::ChannelView(app_->index, channel), {"\"e\"", data, {}}, except};
    const core::EventSource source = is_cached ? core::EventSource::kApi : core::EventSource::kClient;
    if (!core::Publisher(core).publish(*app_, {&event, 1}, source).ok()) violations_.emplace_back("publish refused");
  }
}

void Simulation::sign_in(SimulatedSession& session) {
  if (!session.user_id().empty()) return;
  std::vector<std::string> watch;
  for (const std::string& user : kUsers) {
    if (chance(50)) watch.push_back(user);
  }
  session.sign_in(loops_[session.loop()], app_, watch);
}

void Simulation::use_api(std::size_t loop) {
  core::LoopCore& core = loops_[loop];
  if (chance(40)) return core::terminate_user(core, {}, one_of(kUsers));
  core::kick_member(core, core::ChannelView({}, one_of(kChannels)), one_of(kUsers));
}

void Simulation::pass_time(std::chrono::milliseconds time) {
  loops_.clock.advance(time);
  for (std::size_t loop = 0; loop < kLoops; ++loop) {
    loops_.on(loop, [](core::LoopCore& core) { core.run_due(); });
  }
}

void Simulation::come_to_rest() {
  const bool was_unordered = std::exchange(options_.is_unordered, false);
  for (int round = 0; round < 3; ++round) {
    for (bool moves = true; moves;) {
      while (run_a_task()) {
      }
      moves = false;
      for (std::size_t loop = 0; loop < kLoops; ++loop) {
        run_a_turn(loop);
        moves = moves || loops_[loop].stats().fan_outs_waiting.value() != 0;
      }
      for (const auto& executor : loops_.executors) moves = moves || executor->pending() != 0;
    }
    pass_time(std::chrono::milliseconds(1000));
  }
  options_.is_unordered = was_unordered;
}

void Simulation::check_views() {
  for (const auto& [name, history] : history_.all()) {
    std::set<std::string> members;
    std::size_t count = 0;
    for (const auto& session : sessions_) {
      if (session == nullptr || !session->views().contains(name)) continue;
      ++count;
      if (history.is_presence) members.insert(session->presence_user());
    }
    if (history.subscriptions != count) violations_.push_back("wrong number of subscriptions at the home of " + name);
    for (const auto& session : sessions_) {
      if (session != nullptr && session->views().contains(name)) session->check_view(name, members, count);
    }
  }
  for (const auto& session : sessions_) {
    if (session != nullptr) check_watchers(*session);
  }
}

void Simulation::check_watchers(const SimulatedSession& session) {
  for (const auto& [channel, seen] : session.watched()) {
    bool online = false;
    for (const auto& other : sessions_) online = online || (other != nullptr && other->views().contains(channel));
    if (seen != online) violations_.push_back("wrong view of whether the user is online: " + channel);
  }
}

void Simulation::check_nothing_is_left() {
  for (std::size_t loop = 0; loop < kLoops; ++loop) {
    core::LoopCore& core = loops_[loop];
    const core::CoreStats& stats = core.stats();
    const auto expect_none = [&](std::size_t count, const char* what) {
      if (count != 0)
        violations_.push_back(std::to_string(count) + " left on loop " + std::to_string(loop) + ": " + what);
    };
    expect_none(core.hub().channel_count(), "channels in the hub");
    expect_none(core.channels().size(), "channels in the directory");
    expect_none(core.users().size(), "users");
    expect_none(core.connections().size(), "connections");
    expect_none(loops_.executors[loop]->reserved(), "reserved places");
    expect_none(static_cast<std::size_t>(stats.subscriptions.value()), "subscriptions counted");
    expect_none(static_cast<std::size_t>(stats.channels.value()), "channels counted");
    expect_none(static_cast<std::size_t>(stats.presence_members.value()), "members counted");
    expect_none(static_cast<std::size_t>(stats.users.value()), "users counted");
  }
}

}  // namespace fanfare::simulation
