#include "fanfare/webhook.h"

#include <algorithm>

#include "crypto/hmac.h"
#include "fanfare/names.h"
#include "pusher/app_keys.h"
#include "pusher/quote.h"
#include "sdk/conversion.h"
#include "sdk/text.h"
#include "sdk/webhook_body.h"

namespace fanfare::sdk {
namespace {

Error unauthorized(std::string message) { return {.kind = ErrorKind::kUnauthorized, .message = std::move(message)}; }

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return lower;
}

// "application/json", with or without parameters.
bool is_json(std::string_view content_type) {
  std::string_view type = content_type.substr(0, content_type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return lower_case(type) == "application/json";
}

std::string shown(std::string_view text) { return is_utf8(text) ? pusher::shortened(text) : "(not valid UTF-8)"; }

struct NameOf {
  std::string_view operator()(const ChannelOccupied&) const { return "channel_occupied"; }
  std::string_view operator()(const ChannelVacated&) const { return "channel_vacated"; }
  std::string_view operator()(const MemberAdded&) const { return "member_added"; }
  std::string_view operator()(const MemberRemoved&) const { return "member_removed"; }
  std::string_view operator()(const ClientEvent&) const { return "client_event"; }
  std::string_view operator()(const CacheMiss&) const { return "cache_miss"; }
  std::string_view operator()(const SubscriptionCount&) const { return "subscription_count"; }
  std::string_view operator()(const UnknownWebhookEvent& event) const { return event.name; }
};

struct ChannelOf {
  std::string_view operator()(const UnknownWebhookEvent&) const { return {}; }
  std::string_view operator()(const auto& event) const { return event.channel; }
};

// One event that cannot be opened must not hide those beside it: whoever may send client events could send such a one.
void decrypt(Webhook& webhook, const std::optional<MasterKey>& master_key) {
  for (WebhookEvent& event : webhook.events) {
    auto* sent = std::get_if<ClientEvent>(&event);
    if (sent == nullptr || !is_encrypted_channel(sent->channel)) continue;
    sent->encryption = ClientEvent::Encryption::kUndecryptable;
    if (!master_key) continue;
    Result<std::string> plaintext = master_key->decrypt(sent->channel, sent->data);
    if (!plaintext.ok()) continue;
    sent->data = *std::move(plaintext);
    sent->encryption = ClientEvent::Encryption::kDecrypted;
  }
}

}  // namespace

std::string_view name_of(const WebhookEvent& event) noexcept { return std::visit(NameOf{}, event); }
std::string_view channel_of(const WebhookEvent& event) noexcept { return std::visit(ChannelOf{}, event); }

struct WebhookValidator::State {
  std::vector<pusher::AppKey> keys;
  WebhookOptions options;

  Status check_form(const WebhookRequest& request) const;
  Status check_signature(const WebhookRequest& request) const;
  Status check_time(std::int64_t time_ms, std::chrono::system_clock::time_point now) const;
};

Status WebhookValidator::State::check_form(const WebhookRequest& request) const {
  if (request.body.size() > options.body_bytes_max) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = "the webhook's body is " + std::to_string(request.body.size()) + " bytes, at most " +
                            std::to_string(options.body_bytes_max)};
  }
  if (request.content_type.empty() || is_json(request.content_type)) return {};
  return refused("the webhook's Content-Type: expected application/json, found " + shown(request.content_type));
}

Status WebhookValidator::State::check_signature(const WebhookRequest& request) const {
  const std::string signature = lower_case(request.signature);
  bool is_known = false;
  for (const pusher::AppKey& key : keys) {
    if (key.key != request.key) continue;
    is_known = true;
    if (crypto::constant_time_equal(key.hmac.hex(request.body).view(), signature)) return {};
  }
  if (!is_known) return unauthorized("X-Pusher-Key: no secret is known for the key '" + shown(request.key) + "'");
  return unauthorized(
      "X-Pusher-Signature does not fit the body: another secret, or the body is not as it was received");
}

Status WebhookValidator::State::check_time(std::int64_t time_ms, std::chrono::system_clock::time_point now) const {
  if (options.window <= std::chrono::milliseconds::zero()) return {};
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const std::int64_t ahead_ms = time_ms - now_ms;
  if (std::max(ahead_ms, -ahead_ms) <= options.window.count()) return {};
  return Error{.kind = ErrorKind::kExpired,
               .message = "the webhook is " + std::to_string(std::max(ahead_ms, -ahead_ms)) + " ms " +
                          (ahead_ms > 0 ? "ahead of" : "behind") + " this clock, at most " +
                          std::to_string(options.window.count()) + " ms are accepted"};
}

WebhookValidator::WebhookValidator(const std::vector<Credentials>& keys, const WebhookOptions& options) {
  auto state = std::make_shared<State>();
  for (const Credentials& pair : keys) {
    // What an empty secret signs, everyone can sign.
    if (!pair.key.empty() && !pair.secret.empty()) state->keys.emplace_back(pair.key, pair.secret);
  }
  state->options = options;
  state_ = std::move(state);
}

WebhookValidator::~WebhookValidator() = default;

Result<Webhook> WebhookValidator::validate(const WebhookRequest& request,
                                           std::chrono::system_clock::time_point now) const {
  if (Status checked = state_->check_form(request); !checked.ok()) return std::move(checked).error();
  if (Status checked = state_->check_signature(request); !checked.ok()) return std::move(checked).error();
  Result<Webhook> webhook = parse_webhook_body(request.body);
  if (!webhook.ok()) return webhook;
  if (Status checked = state_->check_time(webhook->time_ms, now); !checked.ok()) return std::move(checked).error();
  webhook->key = request.key;
  decrypt(*webhook, state_->options.master_key);
  return webhook;
}

std::string sign_webhook(std::string_view secret, std::string_view body) {
  return std::string(crypto::HmacKey(secret).hex(body).view());
}

}  // namespace fanfare::sdk
