// What a command costs from its text to the answers: decode, check, core, encode. No sockets.
#include <benchmark/benchmark.h>

#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

void subscribe_and_unsubscribe(benchmark::State& state, const std::string& channel) {
  SessionFixture fixture;
  const auto client = fixture.connect();
  const std::string join = fixture.subscribe(*client, channel);
  const std::string leave = SessionFixture::unsubscribe(channel);
  for (auto _ : state) {
    client->send(join);
    client->send(leave);
    fixture.loops.settle();
    client->transport.sent.clear();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(subscribe_and_unsubscribe, public_channel, "orders");
BENCHMARK_CAPTURE(subscribe_and_unsubscribe, private_channel, "private-orders");

void client_event(benchmark::State& state) {
  SessionFixture fixture;
  fixture.app_settings.switches.client_events = true;
  fixture.app_settings.limits.client_events_per_second = 0;
  const auto sender = fixture.connect();
  const auto other = fixture.connect();
  sender->send(fixture.subscribe(*sender, "private-a"));
  other->send(fixture.subscribe(*other, "private-a"));
  fixture.loops.settle();
  for (auto _ : state) {
    sender->send(R"({"event":"client-typing","channel":"private-a","data":{"on":true}})");
    fixture.loops.settle();
    other->transport.sent.clear();
  }
  if (fixture.stats.client_events.value() == 0) state.SkipWithError("no client event passed");
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(client_event);

}  // namespace
}  // namespace fanfare::session
