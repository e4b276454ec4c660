#include "doctor/plan.h"

#include "config/config.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {

namespace {

// The most clients that the configuration lets in at a time. Nothing: it sets no limit.
std::optional<std::uint64_t> configured_connections(const config::Config& config) {
  if (config.session.connections_max != 0) return config.session.connections_max;
  std::uint64_t sum = 0;
  for (const core::App& app : config.apps) {
    if (app.limits.connections == 0) return std::nullopt;
    sum += app.limits.connections;
  }
  return sum == 0 ? std::nullopt : std::optional(sum);
}

}  // namespace

Plan plan_of(const config::Config& config, std::optional<std::uint64_t> wanted) {
  Plan plan;
  plan.connections = wanted.value_or(configured_connections(config).value_or(plan.connections));
  plan.loops = config.net.loops;
  plan.listen_backlog = static_cast<std::uint64_t>(config.net.listen_backlog);
  for (const std::uint16_t port : {config.net.port, config.metrics.enabled ? config.metrics.port : std::uint16_t{0},
                                   config.gateway.enabled ? config.gateway.port : std::uint16_t{0}}) {
    if (port != 0) plan.ports.push_back(port);
  }
  return plan;
}

std::uint64_t idle_bytes(const Plan& plan) noexcept {
  return plus(kServerBytes, times(plan.connections, kUserBytesPerConnection + kKernelBytesPerConnection));
}

std::uint64_t fan_out_bytes(const Plan& plan, std::uint64_t page_bytes) noexcept {
  return plus(idle_bytes(plan), times(plan.connections, page_bytes));
}

}  // namespace fanfare::doctor
