// What a message between loops costs: posting and running, alone and with several senders.
#include <atomic>
#include <thread>

#include <benchmark/benchmark.h>

#include "net/event_loop.h"
#include "net/mailbox.h"

namespace fanfare::net {
namespace {

void post_and_run(benchmark::State& state) {
  Mailbox mailbox(1U << 20U);
  const auto batch = static_cast<std::size_t>(state.range(0));
  std::size_t ran = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < batch; ++i) benchmark::DoNotOptimize(mailbox.post([&ran] { ++ran; }));
    mailbox.run(batch);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(ran));
}
BENCHMARK(post_and_run)->Arg(1)->Arg(64)->Arg(4096);

void reserve_post_and_run(benchmark::State& state) {
  Mailbox mailbox(1U << 20U);
  std::size_t ran = 0;
  for (auto _ : state) {
    for (int i = 0; i < 64; ++i) {
      if (mailbox.try_reserve(1)) benchmark::DoNotOptimize(mailbox.post_reserved([&ran] { ++ran; }));
    }
    mailbox.run(64);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(ran));
}
BENCHMARK(reserve_post_and_run);

// A task there and one back: two wake-ups of a sleeping thread.
void round_trip_between_loops(benchmark::State& state) {
  const NetOptions options;
  EventLoop loop(LoopIndex(0), options);
  std::thread thread([&] { loop.run(); });
  for (auto _ : state) {
    std::atomic<bool> done{false};
    loop.post([&] {
      done.store(true);
      done.notify_one();
    });
    done.wait(false);
  }
  loop.stop();
  thread.join();
}
BENCHMARK(round_trip_between_loops)->UseRealTime();

}  // namespace
}  // namespace fanfare::net
