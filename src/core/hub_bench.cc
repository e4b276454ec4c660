// What a fan-out costs: one event to a thousand subscribers of a loop, and a burst of sixteen that is joined.
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "support/core_loops.h"

namespace fanfare::core {
namespace {

// Takes the frame's share as a send queue does, and nothing else.
class CountingSubscriber final : public Subscriber {
 public:
  std::uint64_t bytes = 0;

  void deliver(const Delivery& delivery, FrameClass) override {
    last_ = delivery.frames();
    bytes += last_.size();
  }
  void on_admitted(Subscription&, const Admitted&) override {}
  void on_refused(const ChannelName&, const Refused&) override {}
  void on_kicked(const ChannelName&) override {}
  void on_terminated() override {}
  void on_watch_notice(const WatchNotice&) override {}
  MonotonicTime on_round(MonotonicTime now) override { return now + std::chrono::hours(1); }
  const std::string& user_id() const noexcept override { return user_; }

 private:
  LocalSlice last_;
  std::string user_;
};

void deliver_to_subscribers(benchmark::State& state) {
  const auto subscribers = static_cast<std::size_t>(state.range(0));
  const std::int64_t burst = state.range(1);
  const AppRef app = test::make_app();
  test::CoreLoops loops(1);
  std::vector<std::unique_ptr<CountingSubscriber>> audience;
  for (std::size_t i = 0; i < subscribers; ++i) {
    audience.push_back(std::make_unique<CountingSubscriber>());
    loops.connect(0, *audience.back());
    loops.subscribe(*audience.back(), app, "news");
  }
  const std::string data = '"' + std::string(100, 'x') + '"';
  for (auto _ : state) {
    for (std::int64_t i = 0; i < burst; ++i) (void)loops.publish(0, app, "news", data);
    while (loops[0].run_turn()) {
    }
    loops[0].record_finished(loops.clock.monotonic());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * burst);
  for (const auto& subscriber : audience) loops.close(*subscriber);
}
BENCHMARK(deliver_to_subscribers)->Args({1, 1})->Args({1000, 1})->Args({1000, 16});

}  // namespace
}  // namespace fanfare::core
