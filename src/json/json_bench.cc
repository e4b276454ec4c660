// Reading the documents of the hot paths, the body of POST /events and a client event; and escaping, as the data of
// client events that are objects.
#include <benchmark/benchmark.h>

#include "json/json_reader.h"
#include "json/json_writer.h"

namespace fanfare::json {
namespace {

std::string data_of(std::int64_t bytes, std::string_view filler) {
  std::string data;
  while (data.size() < static_cast<std::size_t>(bytes)) data += filler;
  return data;
}

std::string publish_body(std::int64_t bytes, std::string_view filler) {
  return R"({"name":"order.created","channel":"orders","data":")" + data_of(bytes, filler) + R"("})";
}

std::string client_event(std::int64_t bytes, std::string_view filler) {
  return R"({"event":"client-typing","channel":"private-room","data":{"text":")" + data_of(bytes, filler) +
         R"(","n":1,"on":true}})";
}

constexpr std::string_view kProse = "plain words without any escape at all ";
constexpr std::string_view kObject = R"("key":"value",)";
constexpr std::string_view kEscapes = R"(\"key\":\"value\",)";

void read(benchmark::State& state, const std::string& document) {
  Reader reader;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.parse_object(document));
    benchmark::DoNotOptimize(reader.find("data")->text.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * document.size()));
}

void publish(benchmark::State& state, std::string_view filler) { read(state, publish_body(state.range(0), filler)); }
void client(benchmark::State& state, std::string_view filler) { read(state, client_event(state.range(0), filler)); }

void compacting(benchmark::State& state) {
  const std::string event = client_event(state.range(0), kProse);
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_compact(out, event);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * event.size()));
}

void escaping(benchmark::State& state, std::string_view filler) {
  const std::string data = data_of(state.range(0), filler);
  std::string out;
  for (auto _ : state) {
    out.clear();
    append_string(out, data);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * data.size()));
}

BENCHMARK_CAPTURE(publish, prose, kProse)->Arg(100)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(publish, escapes, kEscapes)->Arg(100)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(client, prose, kProse)->Arg(100)->Arg(1000);
BENCHMARK(compacting)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(escaping, prose, kProse)->Arg(100)->Arg(1000);
BENCHMARK_CAPTURE(escaping, object, kObject)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace fanfare::json
