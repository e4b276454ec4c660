#include "gateway/webhook_receiver.h"

#include "crypto/digest.h"

namespace fanfare::gateway {
namespace {

sdk::WebhookOptions validation(const WebhookOptions& options) {
  sdk::WebhookOptions made;
  made.window = options.window;
  return made;
}

}  // namespace

// A repetition is inside the window by its time, which may lie as far ahead as behind.
WebhookReceiver::WebhookReceiver(const WebhookOptions& options, const std::vector<sdk::Credentials>& keys,
                                 WebhookQueue& queue)
    : validator_(keys, validation(options)), queue_(queue), seen_(2 * options.window + std::chrono::seconds(1)) {}

void WebhookReceiver::handle(const ExchangeRef& exchange) {
  GatewayContext& context = exchange->context();
  GatewayStats& stats = context.stats;
  const auto webhook = validator_.validate(
      {.key = exchange->webhook_key(), .signature = exchange->webhook_signature(), .body = exchange->body()},
      context.clock.wall());
  if (!webhook.ok() && webhook.error().kind == sdk::ErrorKind::kExpired) {
    stats.webhooks_old.add();
    return exchange->answer(R"({"success":true,"dropped":"old"})");
  }
  if (!webhook.ok()) {
    stats.webhooks_refused.add();
    const bool is_forged = webhook.error().kind == sdk::ErrorKind::kUnauthorized;
    if (is_forged) exchange->add_header("WWW-Authenticate", "X-Pusher-Signature");
    return exchange->refuse(is_forged                                           ? 401
                            : webhook.error().kind == sdk::ErrorKind::kTooLarge ? 413
                                                                                : 400,
                            webhook.error().message);
  }
  const MonotonicTime now = context.clock.monotonic();
  // Not by the signature, which has more than one spelling.
  const crypto::Sha256Digest digest = crypto::sha256(exchange->body());
  const std::string_view identity = as_text(digest);
  if (seen_.contains(identity, now)) {
    stats.webhooks_repeated.add();
    return exchange->answer(R"({"success":true,"dropped":"repeated"})");
  }
  if (!queue_.try_push(
          {.key = exchange->webhook_key(), .signature = exchange->webhook_signature(), .body = exchange->body()})) {
    stats.webhooks_full.add();
    exchange->add_header("Retry-After", "5");
    return exchange->refuse(503, "webhooks_full", "too many webhooks wait to be handed on");
  }
  seen_.add(identity, now);
  stats.webhooks.add();
  exchange->answer(R"({"success":true})");
}

}  // namespace fanfare::gateway
