// What deflating and inflating one event costs, by size and level.
#include <string>

#include <benchmark/benchmark.h>

#include "deflate/deflater.h"
#include "deflate/inflater.h"

namespace fanfare::deflate {
namespace {

std::string event_of(std::size_t bytes) {
  std::string data = R"({"event":"order-updated","channel":"private-orders","data":"{)";
  for (int i = 0; data.size() < bytes; ++i) {
    data += R"(\"line\":)" + std::to_string(i * 7919 % 1000) + R"(,\"sku\":\"A-)" + std::to_string(i * 104'729) +
            R"(\",\"price\":)" + std::to_string(i * 31 % 977) + R"(.50,)";
  }
  data.resize(bytes);
  return data;
}

void deflate_event(benchmark::State& state) {
  const std::string event = event_of(static_cast<std::size_t>(state.range(0)));
  Deflater deflater(static_cast<int>(state.range(1)));
  std::size_t size = 0;
  for (auto _ : state) {
    size = deflater.deflate(as_bytes(event), kWindowBitsMax).size();
    benchmark::DoNotOptimize(size);
  }
  state.counters["percent"] = 100.0 * static_cast<double>(size) / static_cast<double>(event.size());
}
BENCHMARK(deflate_event)->ArgsProduct({{100, 256, 512, 1024, 10'240}, {1, 3, 6, 9}});

void deflate_event_with_history(benchmark::State& state) {
  const std::string event = event_of(static_cast<std::size_t>(state.range(0)));
  Deflater deflater(6);
  History history(kWindowBitsMax);
  for (int i = 0; i < 100; ++i) history.append(as_bytes(event_of(1024)));
  std::size_t size = 0;
  for (auto _ : state) {
    size = deflater.deflate(as_bytes(event), kWindowBitsMax, history.view()).size();
    benchmark::DoNotOptimize(size);
  }
  state.counters["percent"] = 100.0 * static_cast<double>(size) / static_cast<double>(event.size());
}
BENCHMARK(deflate_event_with_history)->Arg(100)->Arg(1024);

void inflate_event(benchmark::State& state) {
  Deflater deflater(6);
  const std::string event = event_of(static_cast<std::size_t>(state.range(0)));
  const std::string deflated(as_text(deflater.deflate(as_bytes(event), kWindowBitsMax)));
  Inflater inflater;
  for (auto _ : state) benchmark::DoNotOptimize(inflater.inflate(as_bytes(deflated), 100 * kKiB, nullptr));
}
BENCHMARK(inflate_event)->Arg(256)->Arg(1024)->Arg(10'240);

}  // namespace
}  // namespace fanfare::deflate
