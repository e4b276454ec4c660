// One event to many subscribers of one loop: encoded once, a slice into each one's queue. The kernel's share is left
// out.
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/publisher.h"
#include "net/send_queue.h"
#include "support/core_loops.h"

namespace fanfare::core {
namespace {

// A connection as far as a fan-out sees it: a send queue.
class Queueing final : public Subscriber {
 public:
  void deliver(const Delivery& delivery, FrameClass /*frame_class*/) override {
    benchmark::DoNotOptimize(queue_.queue(delivery.frames(), net::DropPolicy::kDroppable));
  }
  void send_everything() { queue_.consume(queue_.bytes()); }

  void on_admitted(Subscription& /*subscription*/, const Admitted& /*admitted*/) override {}
  void on_refused(const ChannelName& /*channel*/, const Refused& /*refused*/) override {}
  void on_kicked(const ChannelName& /*channel*/) override {}
  void on_terminated() override {}
  void on_watch_notice(const WatchNotice& /*notice*/) override {}
  MonotonicTime on_round(MonotonicTime now) override { return now + std::chrono::hours(1); }
  const std::string& user_id() const noexcept override { return user_id_; }

 private:
  net::SendQueueLimits limits_;
  net::SendQueue queue_{limits_};
  std::string user_id_;
};

void deliver_to_all(benchmark::State& state) {
  test::CoreLoops loops(1);
  const AppRef app = test::make_app();
  std::vector<std::unique_ptr<Queueing>> subscribers(static_cast<std::size_t>(state.range(0)));
  for (auto& subscriber : subscribers) {
    subscriber = std::make_unique<Queueing>();
    loops[0].connections().add(*subscriber);
    loops[0].subscriptions().subscribe(*subscriber, app, ChannelView{app->index, "orders"}, nullptr);
  }
  loops.settle();

  Publisher publisher(loops[0]);
  const std::string data = '"' + std::string(200, 'x') + '"';
  const OutgoingEvent event{.channel = ChannelView(app->index, "orders"),
                            .event = {.name = R"("created")", .data = data, .user_id = {}},
                            .except = {}};
  for (auto _ : state) {
    benchmark::DoNotOptimize(publisher.publish(*app, {&event, 1}, EventSource::kApi));
    while (loops[0].run_turn()) {
    }
    for (const auto& subscriber : subscribers) subscriber->send_everything();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  for (const auto& subscriber : subscribers) loops[0].remove(*subscriber);
}
BENCHMARK(deliver_to_all)->Arg(1)->Arg(100)->Arg(1000)->Arg(100'000);

}  // namespace
}  // namespace fanfare::core
