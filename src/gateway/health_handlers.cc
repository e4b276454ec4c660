#include "gateway/health_handlers.h"

#include "json/json_writer.h"

namespace fanfare::gateway {
namespace {

using Status = HealthReport::Status;

bool is_ill(const HealthReport& report) {
  return report.status == Status::kDegraded || report.status == Status::kUnhealthy;
}

void write_facts(json::Writer& writer, const HealthReport& report) {
  writer.key("status").string(name_of(report.status));
  writer.key("connected_users").integer(report.connected_users);
  writer.key("total_channels").integer(report.total_channels);
  writer.key("active_channels").begin_array();
  for (const std::string& channel : report.active_channels) writer.string(channel);
  writer.end_array();
}

}  // namespace

void handle_health(const ExchangeRef& exchange, HealthProbe& probe) {
  probe.ask([exchange](const HealthReport& report) {
    std::string body;
    json::Writer writer(body);
    // Switched off on purpose is no illness of the gateway.
    writer.begin_object().key("status").string(report.status == Status::kDisabled ? "healthy" : name_of(report.status));
    writer.key("services").begin_object().key("pusher").begin_object();
    write_facts(writer, report);
    writer.end_object().end_object().end_object();
    exchange->answer(std::move(body), is_ill(report) ? 503 : 200);
  });
}

void handle_pusher_status(const ExchangeRef& exchange, HealthProbe& probe) {
  probe.ask([exchange](const HealthReport& report) {
    const GatewayContext& context = exchange->context();
    std::string body;
    json::Writer writer(body);
    writer.begin_object().key("success").boolean(true).key("data").begin_object();
    write_facts(writer, report);
    writer.key("rate_limit_remaining");
    if (context.trigger_by_user.is_limited()) {
      writer.integer(context.trigger_by_user.least_remaining(context.clock.monotonic()));
    } else {
      writer.null();
    }
    writer.key("pusher_enabled").boolean(context.options.channels.enabled);
    if (is_ill(report)) writer.key("reason").string(report.reason);
    if (report.connected_users_partial) writer.key("connected_users_partial").boolean(true);
    writer.end_object().end_object();
    exchange->answer(std::move(body));
  });
}

}  // namespace fanfare::gateway
