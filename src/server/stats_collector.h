// The metrics page's content: every module's per-loop counters under their public names (docs/operations.md).
#pragma once

#include <memory>
#include <vector>

#include "gateway/gateway_stats.h"
#include "metrics/registry.h"
#include "tls/tls_certificates.h"

namespace fanfare::server {

class Worker;

// Registers everything that the workers count. They must outlive the registry.
void register_stats(metrics::Registry& registry, const std::vector<std::unique_ptr<Worker>>& workers);

// The certificates in force, which outlive the registry.
void register_certificate_stats(metrics::Registry& registry, const tls::TlsCertificates& certificates);

// The same of a gateway.
void register_gateway_stats(metrics::Registry& registry, const gateway::GatewayStats& stats);

}  // namespace fanfare::server
