// What a request costs before its handler sees it.
#include <algorithm>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "base/assert.h"
#include "http/query.h"
#include "http/request_parser.h"
#include "http/response.h"

namespace {

using namespace fanfare;

const std::string kPublish =
    "POST /apps/3/events?auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0"
    "&body_md5=ec365a775a4cd0599faeb73354201b6f"
    "&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c HTTP/1.1\r\n"
    "Host: 127.0.0.1:6001\r\nUser-Agent: pusher-http-ruby/2.0.3\r\nContent-Type: application/json\r\n"
    "Accept: */*\r\nContent-Length: 73\r\n\r\n"
    "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data goes here\\\"}\"}";

std::vector<std::uint8_t> with_spare(const std::string& text) {
  std::vector<std::uint8_t> memory(text.begin(), text.end());
  memory.resize(memory.size() + kSpareBytes);
  return memory;
}

// `range(0)`: bytes a piece; 0: in one.
void parse_publish(benchmark::State& state) {
  const http::RequestLimits limits;
  http::RequestParser parser(limits);
  std::vector<std::uint8_t> memory = with_spare(kPublish);
  const std::size_t piece = state.range(0) == 0 ? kPublish.size() : static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    http::RequestParser::Step step;
    for (std::size_t at = 0; step.outcome == http::RequestParser::Outcome::kNeedsMore;) {
      const std::size_t count = std::min(piece, kPublish.size() - at);
      FANFARE_ASSERT(count > 0);
      step = parser.feed({memory.data() + at, count}, kSpareBytes);
      at += step.consumed;
    }
    FANFARE_ASSERT(step.outcome == http::RequestParser::Outcome::kComplete);
    benchmark::DoNotOptimize(parser.request().body.data());
    parser.reset();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * kPublish.size()));
}
BENCHMARK(parse_publish)->Arg(0)->Arg(200)->Arg(1);

void walk_query(benchmark::State& state) {
  const std::string_view query = std::string_view(kPublish).substr(20, 220);
  for (auto _ : state) {
    http::QueryPairs pairs(query);
    while (const auto pair = pairs.next()) benchmark::DoNotOptimize(pair->value.data());
  }
}
BENCHMARK(walk_query);

void write_empty_object(benchmark::State& state) {
  http::EmptyObjectResponse cached;
  const WallTime now(std::chrono::seconds(1'700'000'000));
  std::string out;
  for (auto _ : state) {
    out.clear();
    out += cached.at(now);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(write_empty_object);

}  // namespace
