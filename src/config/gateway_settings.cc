// [gateway]: the realtime backend, and the variables that Pusher's libraries and JWT tools use for the same things.
#include "config/settings.h"

namespace fanfare::config {

namespace {

using gateway::ChannelsServerOptions;
using gateway::GatewayOptions;
using gateway::RateLimitOptions;
using gateway::SessionOptions;
using gateway::WebhookOptions;
using jwt::ClaimNames;
using jwt::JwtOptions;

constexpr std::string_view kActiveChannels[] = {"auto", "all", "open", "none"};
constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kPathMax = 4'096;
constexpr std::int64_t kHostMax = 255;
constexpr std::int64_t kUrlMax = 2'048;
constexpr std::int64_t kSecretMax = 4'096;
constexpr std::int64_t kPemMax = 65'536;
constexpr std::int64_t kNameMax = 200;
constexpr std::int64_t kListMax = 100;
constexpr std::int64_t kDayS = 86'400;

SettingInfo info(std::string_view key, std::string_view text) { return {.table = "gateway", .key = key, .text = text}; }

SettingInfo text(std::string_view key, std::int64_t min, std::int64_t max, std::string_view what) {
  return {.table = "gateway", .key = key, .min = min, .max = max, .text = what};
}

SettingInfo secret(std::string_view key, std::int64_t max, std::string_view what) {
  return {.table = "gateway", .key = key, .max = max, .text = what, .is_secret = true};
}

SettingInfo number(std::string_view key, std::int64_t min, std::int64_t max, std::string_view zero,
                   std::string_view what, std::string_view unit = {}) {
  return {.table = "gateway", .key = key, .min = min, .max = max, .unit = unit, .zero = zero, .text = what};
}

std::vector<Setting<Config>> listener_settings() {
  return {
      setting<Config, &Config::gateway, &GatewayOptions::enabled>(
          info("enabled", "Run the gateway inside `fanfare serve`, where it publishes without a network hop.")),
      setting<Config, &Config::gateway, &GatewayOptions::host>(
          text("host", 1, kHostMax, "Address to listen on, in digits, or `localhost`.")),
      setting<Config, &Config::gateway, &GatewayOptions::port>(
          number("port", 0, kPortMax, "the kernel picks a free one", "TCP port of the gateway.")),
      setting<Config, &Config::gateway, &GatewayOptions::metrics_port>(number(
          "metrics_port", 0, kPortMax, "the kernel picks a free one",
          "TCP port of `/metrics`, `/live` and `/ready` of `fanfare gateway`, at `[metrics] host`. Inside `fanfare "
          "serve` they are on that server's.")),
      setting<Config, &Config::gateway, &GatewayOptions::app>(text(
          "app", 0, kNameMax, "Id of the app that it signs and publishes for. Empty: the first. `PUSHER_APP_ID`.")),
      setting<Config, &Config::gateway, &GatewayOptions::body_bytes_max>(
          number("body_bytes_max", 1'024, 67'108'864, {},
                 "Body of a trigger request or a webhook (413); auth requests may have 16 KiB.", "bytes")),
      setting<Config, &Config::gateway, &GatewayOptions::access_log>(
          info("access_log", "One log line a request, without tokens, queries and bodies.")),
      setting<Config, &Config::gateway, &GatewayOptions::cors_origins>(
          text("cors_origins", 0, kListMax,
               "Origins whose pages may call the gateway, as in `https://app.example.com`; `*` for any.")),
      setting<Config, &Config::gateway, &GatewayOptions::trusted_proxies>(
          text("trusted_proxies", 0, kListMax,
               "Addresses and networks (`10.0.0.0/8`) whose `X-Forwarded-For` is believed.")),
      setting<Config, &Config::gateway, &GatewayOptions::active_channels>(
          {.table = "gateway",
           .key = "active_channels",
           .choices = kActiveChannels,
           .text = "Names of occupied channels that the health endpoints tell: `open` leaves private and presence "
                   "channels out; `auto` is `all` on a loopback address, else `open`."}),
      setting<Config, &Config::gateway, &GatewayOptions::hosted_health_age>(
          number("hosted_health_age_seconds", 1, kDayS, {},
                 "How old health may be against hosted Pusher, which bills what it is asked.")),
  };
}

std::vector<Setting<Config>> channels_server_settings() {
  return {
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::enabled>(
          info("pusher_enabled", "Off: publishing is skipped and said so, nothing is signed. `PUSHER_ENABLED`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::url>(
          secret("pusher_url", kUrlMax,
                 "`https://KEY:SECRET@HOST[:PORT]/apps/APP_ID` of the Channels server, in place of the settings below. "
                 "`PUSHER_URL`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::host>(
          text("pusher_host", 0, kHostMax,
               "Host of the Channels server. Without host and cluster: the `fanfare serve` of this machine, at "
               "`[server]` host and port. `PUSHER_HOST`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::port>(
          number("pusher_port", 0, kPortMax, "443, or 80 without TLS", "Its port. `PUSHER_PORT`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::tls>(
          info("pusher_tls", "Whether it is asked over TLS. `PUSHER_SSL`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::cluster>(
          text("pusher_cluster", 0, kNameMax, "Cluster of hosted Pusher, as in `eu`. `PUSHER_CLUSTER`.")),
      setting<Config, &Config::gateway, &GatewayOptions::channels, &ChannelsServerOptions::encryption_master_key>(
          secret("encryption_master_key_base64", kSecretMax,
                 "32 bytes in base64, for `private-encrypted-` channels. `PUSHER_ENCRYPTION_MASTER_KEY_BASE64`.")),
  };
}

std::vector<Setting<Config>> key_settings() {
  constexpr auto kJwt = &GatewayOptions::jwt;
  SettingInfo public_key =
      text("jwt_public_key", 0, kPemMax, "PEM of a public key, for RS256 or ES256. `JWT_PUBLIC_KEY`.");
  public_key.is_multiline = true;
  return {
      setting<Config, &Config::gateway, kJwt, &JwtOptions::secret>(
          secret("jwt_secret", kSecretMax, "Shared secret of tokens, for HS256, HS384 and HS512. `JWT_SECRET`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::public_key>(public_key),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::public_key_file>(
          text("jwt_public_key_file", 0, kPathMax, "File with such a PEM. `JWT_PUBLIC_KEY_FILE`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::jwks_file>(
          text("jwt_jwks_file", 0, kPathMax, "File with a JSON Web Key Set. `JWT_JWKS_FILE`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::jwks_url>(
          text("jwt_jwks_url", 0, kUrlMax, "URL of one, instead of the file. `JWT_JWKS_URL`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::jwks_refresh>(
          number("jwt_jwks_refresh_seconds", 1, kDayS, {}, "How old a key set may be before it is read anew.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::jwks_refetch_min>(
          number("jwt_jwks_refetch_min_seconds", 1, kDayS, {},
                 "Time between two reads of it, however many tokens name a key that it does not have.")),
  };
}

std::vector<Setting<Config>> token_settings() {
  constexpr auto kJwt = &GatewayOptions::jwt;
  constexpr auto kClaims = &JwtOptions::claims;
  return {
      setting<Config, &Config::gateway, kJwt, &JwtOptions::algorithms>(
          text("jwt_algorithms", 0, 5,
               "The only algorithms to take, of HS256, HS384, HS512, RS256, ES256. Empty: those of the keys. "
               "`JWT_ALGORITHMS`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::issuer>(
          text("jwt_issuer", 0, kUrlMax, "What `iss` must be. Empty: anything. `JWT_ISSUER`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::audience>(
          text("jwt_audience", 0, kListMax, "One of these must be in `aud`. Empty: not looked at. `JWT_AUDIENCE`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::leeway>(
          number("jwt_leeway_seconds", 0, 3'600, {}, "What clocks may differ, for `exp` and `nbf`.")),
      setting<Config, &Config::gateway, kJwt, &JwtOptions::require_exp>(
          info("jwt_require_exp", "Refuse tokens without `exp`.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::user_id>(
          text("claim_user_id", 1, kNameMax, "Claim with the user's id.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::role>(
          text("claim_role", 1, kNameMax, "Claim with the role.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::name>(
          text("claim_name", 1, kNameMax, "Claim with the name.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::avatar>(
          text("claim_avatar", 1, kNameMax, "Claim with the avatar's URL; without it `avatar_url`.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::classes>(
          text("claim_classes", 1, kNameMax, "Claim with the list of classes, `classes` in the access rules.")),
      setting<Config, &Config::gateway, kJwt, kClaims, &ClaimNames::watchlist>(
          text("claim_watchlist", 1, kNameMax, "Claim with the ids of the users to watch.")),
      setting<Config, &Config::gateway, &GatewayOptions::session, &SessionOptions::url>(
          text("session_url", 0, kUrlMax,
               "Instead of a token: asked with the request's cookies, answers 200 with the claims, or 401.")),
      setting<Config, &Config::gateway, &GatewayOptions::session, &SessionOptions::cookie>(
          text("session_cookie", 0, kNameMax, "Ask only when this cookie is there. Empty: when any is.")),
  };
}

std::vector<Setting<Config>> bound_settings() {
  constexpr auto kLimits = &GatewayOptions::limits;
  constexpr auto kWebhook = &GatewayOptions::webhook;
  constexpr std::int64_t kRequestsMax = 1'000'000;
  return {
      setting<Config, &Config::gateway, kLimits, &RateLimitOptions::auth_per_user>(
          number("auth_limit_per_user", 0, kRequestsMax, "no limit", "Auth requests of a user in a window (429).",
                 "requests")),
      setting<Config, &Config::gateway, kLimits, &RateLimitOptions::trigger_per_user>(
          number("trigger_limit_per_user", 0, kRequestsMax, "no limit", "Trigger requests of a user in a window (429).",
                 "requests")),
      setting<Config, &Config::gateway, kLimits, &RateLimitOptions::per_address>(
          number("limit_per_address", 0, kRequestsMax, "no limit",
                 "Requests of an address in a window, for auth and for trigger endpoints each (429).", "requests")),
      setting<Config, &Config::gateway, kLimits, &RateLimitOptions::window>(
          number("limit_window_seconds", 1, 3'600, {}, "Length of the window.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::url>(
          text("webhook_url", 0, kUrlMax, "Where the webhooks that come to `/pusher/webhook` are handed on to.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::command>(
          text("webhook_command", 0, kPathMax, "Or a command for `/bin/sh`, which gets each on its standard input.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::window>(
          number("webhook_window_seconds", 1, kDayS, {}, "How old a webhook may be; older ones are dropped.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::retry_time>(
          number("webhook_retry_seconds", 0, kDayS, "once", "How long handing one on is tried again.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::attempt_time>(
          number("webhook_attempt_seconds", 1, 600, {}, "What one attempt may take.")),
      setting<Config, &Config::gateway, kWebhook, &WebhookOptions::queued_max>(number(
          "webhook_queued_max", 1, 1'000'000, {}, "Webhooks that wait; above it the sender gets 503.", "webhooks")),
  };
}

}  // namespace

std::vector<Setting<Config>> gateway_settings() {
  std::vector<Setting<Config>> all = listener_settings();
  for (auto part : {channels_server_settings(), key_settings(), token_settings(), bound_settings()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::span<const VariableAlias> variable_aliases() {
  static constexpr VariableAlias kAliases[] = {
      {"PUSHER_APP_ID", "gateway.app"},
      {"PUSHER_URL", "gateway.pusher_url"},
      {"PUSHER_HOST", "gateway.pusher_host"},
      {"PUSHER_PORT", "gateway.pusher_port"},
      {"PUSHER_SSL", "gateway.pusher_tls"},
      {"PUSHER_CLUSTER", "gateway.pusher_cluster"},
      {"PUSHER_ENABLED", "gateway.pusher_enabled"},
      {"PUSHER_ENCRYPTION_MASTER_KEY_BASE64", "gateway.encryption_master_key_base64"},
      {"JWT_SECRET", "gateway.jwt_secret"},
      {"JWT_PUBLIC_KEY", "gateway.jwt_public_key"},
      {"JWT_PUBLIC_KEY_FILE", "gateway.jwt_public_key_file"},
      {"JWT_JWKS_FILE", "gateway.jwt_jwks_file"},
      {"JWT_JWKS_URL", "gateway.jwt_jwks_url"},
      {"JWT_ALGORITHMS", "gateway.jwt_algorithms"},
      {"JWT_ISSUER", "gateway.jwt_issuer"},
      {"JWT_AUDIENCE", "gateway.jwt_audience"},
  };
  return kAliases;
}

}  // namespace fanfare::config
