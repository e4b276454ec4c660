// WebhookReceiver: POST /pusher/webhook, what the Channels server tells the application. Source: REF 10
//
// Thread: the gateway's loop.
#pragma once

#include <vector>

#include "fanfare/webhook.h"
#include "gateway/exchange.h"
#include "gateway/repeat_filter.h"
#include "gateway/webhook_queue.h"

namespace fanfare::gateway {

class WebhookReceiver {
 public:
  // All but `keys` outlive this.
  WebhookReceiver(const WebhookOptions& options, const std::vector<sdk::Credentials>& keys, WebhookQueue& queue);

  // 401: key or signature does not fit. 400: signed, and no webhook. 200 for everything else: handed on, older than the
  // window (retries keep their time, so a replay is told by it), or a repetition of one that was taken; 503 when the
  // queue is full: the sender tries again. Wire: {"success":true[,"dropped":"old"|"repeated"]}
  void handle(const ExchangeRef& exchange);

 private:
  sdk::WebhookValidator validator_;
  WebhookQueue& queue_;
  RepeatFilter seen_;  // by digest of the body
};

}  // namespace fanfare::gateway
