#include "gateway/publishing.h"

#include "gateway/backend_error.h"
#include "gateway/trigger_request.h"

namespace fanfare::gateway {

bool may_trigger(const ExchangeRef& exchange, const Caller& caller, const std::vector<std::string>& channels) {
  GatewayContext& context = exchange->context();
  for (const std::string& channel : channels) {
    access::Decision decision = context.access->decide(access::Action::kTrigger, caller.subject, channel);
    if (decision.allowed) continue;
    context.stats.forbidden.add();
    exchange->refuse(403, channels.size() == 1 ? decision.reason : channel + ": " + decision.reason);
    return false;
  }
  return true;
}

bool answer_skipped(const ExchangeRef& exchange) {
  if (exchange->context().options.channels.enabled) return false;
  exchange->context().stats.publishes_skipped.add();
  exchange->answer(R"({"success":true,"skipped":true})");
  return true;
}

void publish(const ExchangeRef& exchange, sdk::Event event,
             std::function<std::string(const sdk::TriggerAnswer&)> body) {
  GatewayContext& context = exchange->context();
  if (Status status = check_idempotency_key(exchange->idempotency_key()); !status.ok()) {
    return exchange->refuse(400, status.error().message);
  }
  if (answer_skipped(exchange)) return;
  event.idempotency_key = exchange->idempotency_key();
  const std::size_t channels = event.channels.size();
  context.backend.publish(std::move(event),
                          [exchange, channels, body = std::move(body)](const sdk::Result<sdk::TriggerAnswer>& answer) {
                            GatewayStats& stats = exchange->context().stats;
                            if (!answer.ok()) {
                              stats.publishes_failed.add();
                              return refuse_for(exchange, answer.error());
                            }
                            stats.events_published.add(channels);
                            exchange->answer(body(*answer));
                          });
}

}  // namespace fanfare::gateway
