// What a publish costs in the codecs: its signature, its body, its frame; and a roster of 100 members.
#include <benchmark/benchmark.h>

#include "json/json_reader.h"
#include "pusher/inbound_event.h"
#include "pusher/outbound_event.h"
#include "pusher/request_signature.h"

namespace fanfare::pusher {
namespace {

constexpr std::string_view kBody = R"({"name":"order.created","channel":"orders","data":"{\"n\":1}"})";

void verify_signature(benchmark::State& state) {
  const AppKeys keys({AppKey("demo-key-0001", "demo-secret-0001")});
  const std::string query =
      sign_request(keys.all()[0], {.method = "POST", .path = "/apps/42/events", .parameters = {}, .body = kBody}, 1);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        verify_request(keys, {.method = "POST", .path = "/apps/42/events", .query = query, .body = kBody}, 1));
  }
}
BENCHMARK(verify_signature);

// A body whose data is JSON with many escapes, of `state.range(0)` bytes.
void read_body_and_encode_event(benchmark::State& state) {
  std::string body = R"({"name":"order.created","channel":"orders","data":"{\"text\":\")";
  while (body.size() < static_cast<std::size_t>(state.range(0))) body += R"(some words and \"quotes\", )";
  body += R"(\"}"})";
  json::Reader reader;
  std::string frame;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.parse_object(body));
    frame.clear();
    append_published_event(frame, reader.find("name")->raw, reader.find("channel")->text, reader.find("data")->raw);
    benchmark::DoNotOptimize(frame.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * body.size()));
}
BENCHMARK(read_body_and_encode_event)->Arg(100)->Arg(1000)->Arg(10'000);

void decode_client_event(benchmark::State& state) {
  constexpr std::string_view kMessage = R"({"event":"client-typing","data":{"on":true},"channel":"presence-room"})";
  for (auto _ : state) benchmark::DoNotOptimize(decode_inbound_event(kMessage));
}
BENCHMARK(decode_client_event);

void encode_roster_of_100(benchmark::State& state) {
  std::vector<PresenceText> members;
  for (int i = 0; i < 100; ++i) members.push_back(make_presence_text("user" + std::to_string(i), R"({"name":"Ida"})"));
  std::string out;
  for (auto _ : state) {
    out.clear();
    PresenceRosterWriter writer(out, "presence-room", members.size());
    for (const PresenceText& member : members) writer.add_id(member.fragments().id_piece);
    writer.begin_hash();
    for (const PresenceText& member : members) writer.add_hash(member.hash_piece);
    writer.finish();
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(encode_roster_of_100);

}  // namespace
}  // namespace fanfare::pusher
