#include "session/admission.h"

#include <utility>

#include "base/log.h"
#include "httpd/client_address.h"
#include "pusher/error_code.h"

namespace fanfare::session {

namespace {

const Logger kLog("session");

}  // namespace

ClientFacts client_facts(const SessionContext& context, const http::Request& request, const net::SocketAddress& peer,
                         net::Security security) {
  const bool is_tls = security != net::Security::kNone;
  const net::TrustedProxies& trusted = context.shared.trusted_proxies;
  if (trusted.empty()) return {peer, is_tls};
  return {httpd::client_address(peer, request.joined_header("X-Forwarded-For"), trusted),
          is_tls || httpd::is_forwarded_tls(peer, request, trusted)};
}

ServerState server_state(const SessionContext& context) {
  return {context.shared.draining.load(std::memory_order_relaxed), context.shared.is_full()};
}

Admission admit(SessionContext& context, ConnectDecision& decision, const std::string& peer_address) {
  Admission admission{decision.app, decision.protocol, {}};
  if (!decision.is_welcome()) return admission;
  bool by_app = false;
  if (decision.app->switches.authorized_connections) {
    // Connections that are not authorized yet do not count for the app, but their address is bounded all the same.
    // Source: REF 1.3
    core::ConnectionQuota::AddressOutcome outcome = context.quota.take_address_only(*decision.app, peer_address);
    admission.ticket = std::move(outcome.ticket);
    if (outcome.has_place) return admission;
  } else {
    core::ConnectionQuota::Outcome outcome = context.quota.take(*decision.app, peer_address);
    admission.ticket = std::move(outcome.ticket);
    if (admission.ticket) return admission;
    by_app = outcome.refusal == core::QuotaRefusal::kApp;
  }
  const pusher::ErrorCode code = by_app ? pusher::ErrorCode::kOverConnectionQuota : pusher::ErrorCode::kOverCapacity;
  decision.close_code = pusher::number_of(code);
  decision.close_reason = by_app ? std::string(pusher::message_of(code)) : "Too many connections from this address";
  return admission;
}

void note_refusal(SessionContext& context, const ConnectDecision& decision, const std::string& peer_address) {
  context.stats.refused.add(decision.close_code);
  const std::string app = decision.app == nullptr ? "" : decision.app->id;
  const std::string key = "connect " + app + ' ' + std::to_string(decision.close_code);
  if (const auto held_back = context.warnings.pass(key, context.loop.now())) {
    kLog.warning("connection refused", {{"app", app},
                                        {"code", decision.close_code},
                                        {"reason", decision.close_reason},
                                        {"address", peer_address},
                                        {"held_back", *held_back}});
  }
}

}  // namespace fanfare::session
