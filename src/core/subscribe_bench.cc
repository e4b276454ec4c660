// What coming and going costs: subscribe, admission and unsubscribe, on the home loop and away from it.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

void subscribe_and_leave(benchmark::State& state, std::size_t home, const std::string& prefix) {
  const AppRef app = test::make_app();
  test::CoreLoops loops(2);
  const std::string channel = loops.name_homed_on(home, prefix);
  const std::string user = prefix == "presence-" ? "alice" : "";
  test::FakeSubscriber subscriber;
  loops.connect(0, subscriber);
  for (auto _ : state) {
    (void)loops.subscribe(subscriber, app, channel, user);
    loops.run_mailboxes();
    (void)loops.unsubscribe(subscriber, channel);
    loops.run_mailboxes();
    subscriber.log.clear();
  }
  state.SetItemsProcessed(state.iterations());
  loops.close(subscriber);
}
BENCHMARK_CAPTURE(subscribe_and_leave, at_home, 0, "news");
BENCHMARK_CAPTURE(subscribe_and_leave, away, 1, "news");
BENCHMARK_CAPTURE(subscribe_and_leave, presence_away, 1, "presence-");

// A member who comes and goes in a room of so many: the roster is what costs.
void join_a_room(benchmark::State& state) {
  App limits;
  limits.limits.presence_members = 0;
  const AppRef app = test::make_app(limits);
  test::CoreLoops loops(1);
  std::vector<test::FakeSubscriber> members(static_cast<std::size_t>(state.range(0)));
  std::size_t number = 0;
  for (test::FakeSubscriber& member : members) {
    loops.connect(0, member);
    (void)loops.subscribe(member, app, "presence-room", "user" + std::to_string(number++), R"({"name":"A member"})");
    loops.settle();
    member.log.clear();
  }
  test::FakeSubscriber joiner;
  loops.connect(0, joiner);
  for (auto _ : state) {
    (void)loops.subscribe(joiner, app, "presence-room", "joiner");
    (void)loops.unsubscribe(joiner, "presence-room");
    loops.settle();
    state.PauseTiming();
    joiner.log.clear();
    for (test::FakeSubscriber& member : members) member.log.clear();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations());
  loops.close(joiner);
  for (test::FakeSubscriber& member : members) loops.close(member);
}
BENCHMARK(join_a_room)->Arg(10)->Arg(100);

}  // namespace
}  // namespace fanfare::core
