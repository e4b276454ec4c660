// The gateway's endpoints.
#pragma once

#include "gateway/gateway_context.h"
#include "gateway/health_probe.h"
#include "gateway/webhook_receiver.h"
#include "httpd/router.h"

namespace fanfare::gateway {

// All outlive the router's last request.
void add_routes(httpd::Router& router, GatewayContext& context, HealthProbe& health, WebhookReceiver& webhooks);

}  // namespace fanfare::gateway
