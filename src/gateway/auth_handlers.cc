#include "gateway/auth_handlers.h"

#include <algorithm>

#include "gateway/auth_request.h"
#include "gateway/user_info.h"
#include "pusher/channel_name.h"
#include "pusher/limits.h"

namespace fanfare::gateway {
namespace {

// Whether signing is on; else answered.
bool is_enabled(const ExchangeRef& exchange) {
  if (exchange->context().options.channels.enabled) return true;
  exchange->refuse(503, "disabled", "publishing and signing are switched off here (PUSHER_ENABLED)");
  return false;
}

// What the SDK refuses to sign is the request's fault, but for a master key that is not there.
void refuse_signing(const ExchangeRef& exchange, std::string_view channel, const sdk::Error& error) {
  if (pusher::channel_traits(channel).kind == pusher::ChannelKind::kPrivateEncrypted) {
    return exchange->refuse(503, "encryption_not_configured",
                            "encrypted channels need PUSHER_ENCRYPTION_MASTER_KEY_BASE64");
  }
  exchange->refuse(400, error.message);
}

}  // namespace

void handle_channel_auth(const ExchangeRef& exchange, const Caller& caller) {
  GatewayContext& context = exchange->context();
  if (!is_enabled(exchange)) return;
  const auto request = parse_auth_request(exchange->content_type(), exchange->body());
  if (!request.ok()) return exchange->refuse(400, request.error().message);
  if (request->channel_name.empty()) return exchange->refuse(400, "channel_name is missing");
  const auto traits = pusher::parse_channel_name(request->channel_name);
  if (!traits.ok()) return exchange->refuse(400, traits.error().message);
  if (!traits->needs_auth()) {
    return exchange->refuse(400, "channel_without_auth", "this channel needs no authorization");
  }
  const access::Decision decision =
      context.access->decide(access::Action::kSubscribe, caller.subject, request->channel_name);
  if (!decision.allowed) {
    context.stats.forbidden.add();
    return exchange->refuse(403, decision.reason);
  }
  const auto signature =
      traits->has_members()
          ? context.authorizer.authorize_channel(
                request->socket_id, request->channel_name,
                sdk::PresenceMember{
                    .user_id = caller.identity.user_id,
                    .user_info = user_info_of(caller.identity, pusher::kLimits.presence_user_info_bytes_max)})
          : context.authorizer.authorize_channel(request->socket_id, request->channel_name);
  if (!signature.ok()) return refuse_signing(exchange, request->channel_name, signature.error());
  context.stats.channel_auths.add();
  exchange->answer(signature->to_json());
}

void handle_user_auth(const ExchangeRef& exchange, const Caller& caller) {
  GatewayContext& context = exchange->context();
  if (!is_enabled(exchange)) return;
  const auto request = parse_auth_request(exchange->content_type(), exchange->body());
  if (!request.ok()) return exchange->refuse(400, request.error().message);
  sdk::UserData user{.id = caller.identity.user_id,
                     .user_info = user_info_of(caller.identity, pusher::kLimits.presence_user_info_bytes_max),
                     .watchlist = caller.identity.watchlist};
  user.watchlist.resize(std::min(user.watchlist.size(), pusher::kLimits.watchlist_users_max));
  const auto signature = context.authorizer.authenticate_user(request->socket_id, user);
  if (!signature.ok()) return exchange->refuse(400, signature.error().message);
  context.stats.user_auths.add();
  exchange->answer(signature->to_json());
}

}  // namespace fanfare::gateway
