// The reader beside simdjson's on-demand parser, which reads the same members but does not check what it skips.
#include <benchmark/benchmark.h>
#include <simdjson.h>

#include "json/json_reader.h"

namespace fanfare::json {
namespace {

std::string publish_body(std::int64_t bytes, std::string_view filler) {
  std::string body = R"({"name":"order.created","channel":"orders","data":"{\"text\":\")";
  while (body.size() < static_cast<std::size_t>(bytes)) body += filler;
  return body + R"(\"}"})";
}

constexpr std::string_view kProse = "plain words without any escape at all ";
constexpr std::string_view kEscapes = R"(\"key\":\"value\",)";

void read(benchmark::State& state, std::string_view filler) {
  const std::string body = publish_body(state.range(0), filler);
  Reader reader;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.parse_object(body));
    benchmark::DoNotOptimize(reader.find("data")->text.size());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

void read_on_demand(benchmark::State& state, std::string_view filler) {
  const simdjson::padded_string body(publish_body(state.range(0), filler));
  simdjson::ondemand::parser parser;
  for (auto _ : state) {
    simdjson::ondemand::document document = parser.iterate(body);
    for (auto field : document.get_object()) {
      std::string_view key = field.unescaped_key();
      std::string_view text = field.value().get_string();
      benchmark::DoNotOptimize(key.size() + text.size());
    }
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}

BENCHMARK_CAPTURE(read, prose, kProse)->Arg(100)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(read_on_demand, prose, kProse)->Arg(100)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(read, escapes, kEscapes)->Arg(100)->Arg(1000)->Arg(10'000);
BENCHMARK_CAPTURE(read_on_demand, escapes, kEscapes)->Arg(100)->Arg(1000)->Arg(10'000);

}  // namespace
}  // namespace fanfare::json
