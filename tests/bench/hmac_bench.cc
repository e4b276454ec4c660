// What verifying one subscription, or one request of a backend, costs in HMACs.
#include <string>

#include <benchmark/benchmark.h>

#include "crypto/hmac.h"

namespace fanfare::crypto {
namespace {

void hex_digest_of(benchmark::State& state) {
  const HmacKey key("a secret of twenty c");
  const std::string message(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(key.hex(message));
}
// A channel signature, a request signature, the largest event.
BENCHMARK(hex_digest_of)->Arg(40)->Arg(250)->Arg(10'240);

void key_from_secret(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(HmacKey("a secret of twenty c"));
}
BENCHMARK(key_from_secret);

}  // namespace
}  // namespace fanfare::crypto
