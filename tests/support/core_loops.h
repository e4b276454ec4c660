// Several LoopCores on one thread: their mailboxes are ManualExecutors, their time is a ManualClock.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/app.h"
#include "core/loop_core.h"
#include "core/publisher.h"
#include "support/manual_clock.h"
#include "support/manual_executor.h"

namespace fanfare::test {

inline core::AppRef make_app(core::App app = {}) {
  if (app.id.empty()) app.id = "1";
  return std::make_shared<const core::App>(std::move(app));
}

// The payload of CoreLoops::publish().
inline std::string published(std::string_view channel, std::string_view data) {
  return R"({"event":"e","channel":")" + std::string(channel) + R"(","data":)" + std::string(data) + "}";
}

class CoreLoops {
 public:
  explicit CoreLoops(std::size_t count, core::CoreOptions core_options = {}, core::ChannelObserver* observer = nullptr,
                     std::size_t mailbox_bound = ManualExecutor::kNoBound)
      : options(core_options) {
    for (std::size_t i = 0; i < count; ++i) {
      const auto index = LoopIndex(static_cast<std::uint16_t>(i));
      executors.push_back(std::make_unique<ManualExecutor>(index, mailbox_bound, &acting));
      cores.push_back(std::make_unique<core::LoopCore>(index, loops, options, clock, observer));
      loops.add(*executors.back(), *cores.back());
    }
  }

  core::LoopCore& operator[](std::size_t loop) { return *cores[loop]; }

  // Calls `act(LoopCore&)` as if on that loop, so that what it posts is the loop's.
  template <typename Act>
  void on(std::size_t loop, Act&& act) {
    acting = loop;
    act(*cores[loop]);
  }
  void run_one(std::size_t loop, std::size_t sender, std::size_t place = 0) {
    acting = loop;
    executors[loop]->run_one(sender, place);
  }
  // All mailboxes until they are empty; no turns.
  void run_mailboxes() {
    for (bool ran = true; ran;) {
      ran = false;
      for (acting = 0; acting < cores.size(); ++acting) ran = executors[acting]->run_all() || ran;
    }
    acting = 0;
  }
  // Mailboxes and turns until nothing moves.
  void settle() {
    for (bool has_more = true; has_more;) {
      run_mailboxes();
      has_more = false;
      for (acting = 0; acting < cores.size(); ++acting) has_more = cores[acting]->run_turn() || has_more;
      acting = 0;
      for (const auto& executor : executors) has_more = executor->pending() != 0 || has_more;
    }
  }

  // --- What a session would do.
  void connect(std::size_t loop, core::Subscriber& subscriber) { cores[loop]->connections().add(subscriber); }
  void close(core::Subscriber& subscriber) {
    on(loop_of(subscriber), [&](core::LoopCore& core) { core.remove(subscriber); });
  }
  // `user_id` and `user_info`: of presence channels.
  core::SubscribeOutcome subscribe(core::Subscriber& subscriber, const core::AppRef& app, std::string_view channel,
                                   const std::string& user_id = {}, const std::string& user_info = {}) {
    core::MemberRef member;
    if (!user_id.empty()) member = core::Member::make(user_id, user_info);
    acting = loop_of(subscriber);
    return cores[acting]->subscriptions().subscribe(subscriber, app, core::ChannelView(app->index, channel),
                                                    std::move(member));
  }
  bool unsubscribe(core::Subscriber& subscriber, std::string_view channel, core::AppIndex app = {}) {
    acting = loop_of(subscriber);
    return cores[acting]->subscriptions().unsubscribe(subscriber, core::ChannelView(app, channel));
  }
  // An event "e" whose data token is `data`.
  Status publish(std::size_t loop, const core::AppRef& app, std::string_view channel, std::string_view data,
                 core::ConnectionRef except = {}, core::EventSource source = core::EventSource::kApi) {
    const core::OutgoingEvent event{core::ChannelView(app->index, channel), {"\"e\"", data, {}}, except};
    acting = loop;
    return core::Publisher(*cores[loop]).publish(*app, {&event, 1}, source);
  }

  // A name that begins with `prefix` and has its home on `loop`.
  std::string name_homed_on(std::size_t loop, std::string_view prefix, core::AppIndex app = {}) const {
    for (int i = 0;; ++i) {
      std::string name = std::string(prefix) + std::to_string(i);
      if (loops.home_of(core::hash_of_channel(app, name)).value() == loop) return name;
    }
  }

  static std::size_t loop_of(const core::Subscriber& subscriber) { return subscriber.ref().loop().value(); }

  core::CoreOptions options;
  ManualClock clock;
  core::LoopSet loops;
  std::size_t acting = 0;  // the loop that is running
  std::vector<std::unique_ptr<ManualExecutor>> executors;
  std::vector<std::unique_ptr<core::LoopCore>> cores;
};

}  // namespace fanfare::test
