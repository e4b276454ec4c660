// What POST /events and /batch_events cost from the request to the answer: signature, body, core. No sockets: the
// answers find their client gone.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "api/routes.h"
#include "http/method.h"
#include "httpd/connection_table.h"
#include "httpd/router.h"
#include "pusher/request_signature.h"
#include "support/core_loops.h"

namespace fanfare::api {
namespace {

void post(benchmark::State& state, const std::string& path, const std::string& body) {
  core::App settings;
  settings.id = "42";
  const pusher::AppKey key("key", "secret");
  settings.keys = pusher::AppKeys({key});
  test::CoreLoops loops(1);
  core::AppRegistry apps(std::make_shared<const core::AppTable>(std::vector<core::App>{settings}, core::AppTable()));
  const ApiOptions options;
  ApiStats stats;
  OnceAMinute warnings;
  ApiContext context{loops[0], apps, loops.clock, options, stats, warnings, {}};
  httpd::Router router;
  add_routes(router, context);

  const std::string query = pusher::sign_request(key, {"POST", path, {}, body}, 1'700'000'000);
  std::string input = body + std::string(kSpareBytes, '\0');
  http::Request request;
  request.method = http::Method::kPost;
  request.method_text = "POST";
  request.path = path;
  request.query = query;
  request.spare_bytes = kSpareBytes;
  auto* anchor = new httpd::TableAnchor{nullptr, 1};  // a table that is gone; the first handle keeps it
  const httpd::ConnectionHandle nobody(*anchor, 0, 0);
  for (auto _ : state) {
    input.replace(0, body.size(), body);
    request.body = MutableBytes(reinterpret_cast<std::uint8_t*>(input.data()), body.size());
    router.route(request, httpd::Responder(httpd::ConnectionHandle(*anchor, 0, 0)));
    loops.settle();
  }
  if (stats.events.value() == 0) state.SkipWithError("nothing was published");
  state.SetItemsProcessed(state.iterations());
}

void publish(benchmark::State& state, const std::string& channels) {
  post(state, "/apps/42/events", R"({"name":"order.created","channels":[)" + channels + R"(],"data":"{\"n\":1}"})");
}
void publish_batch_of_ten(benchmark::State& state) {
  const std::string data(static_cast<std::size_t>(state.range(0)), 'x');
  std::string events;
  for (int i = 0; i < 10; ++i) {
    events += (i == 0 ? "" : ",") + (R"({"name":"order.created","channel":"orders","data":")" + data + R"("})");
  }
  post(state, "/apps/42/batch_events", R"({"batch":[)" + events + "]}");
}
BENCHMARK_CAPTURE(publish, one_channel, R"("orders")");
BENCHMARK_CAPTURE(publish, three_channels, R"("orders","private-orders","presence-orders")");
BENCHMARK(publish_batch_of_ten)->Arg(100)->Arg(1000);

}  // namespace
}  // namespace fanfare::api
