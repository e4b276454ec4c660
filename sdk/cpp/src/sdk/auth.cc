#include "fanfare/auth.h"

#include "base/bytes.h"
#include "fanfare/names.h"
#include "json/json_writer.h"
#include "pusher/app_keys.h"
#include "pusher/channel_auth.h"
#include "pusher/presence_data.h"
#include "pusher/quote.h"
#include "pusher/signed_query.h"
#include "pusher/user_auth.h"
#include "sdk/conversion.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

constexpr std::size_t kFormBytesMax = 64 * kKiB;

// `user_info` compact and within its bound; empty stays empty.
Result<std::string> checked_user_info(std::string_view user_info, const Limits& limits) {
  if (user_info.empty()) return std::string();
  Result<std::string> compact = compact_json("user_info", user_info);
  if (compact.ok() && compact->size() > limits.user_info_bytes_max) {
    return refused("user_info is " + std::to_string(compact->size()) + " bytes of compact JSON, at most " +
                   std::to_string(limits.user_info_bytes_max));
  }
  return compact;
}

Result<std::string> channel_data_of(const PresenceMember& member, const Limits& limits) {
  if (Status checked = check_user_id(member.user_id, false, limits); !checked.ok()) return std::move(checked).error();
  Result<std::string> user_info = checked_user_info(member.user_info, limits);
  if (!user_info.ok()) return user_info;
  std::string data;
  json::Writer json(data);
  json.begin_object().key("user_id").string(member.user_id);
  if (!user_info->empty()) json.key("user_info").raw(*user_info);
  json.end_object();
  return data;
}

Result<std::string> user_data_of(const UserData& user, const Limits& limits) {
  if (Status checked = check_user_id(user.id, false, limits); !checked.ok()) return std::move(checked).error();
  Result<std::string> user_info = checked_user_info(user.user_info, limits);
  if (!user_info.ok()) return user_info;
  if (user.watchlist.size() > limits.watchlist_users_max) {
    return refused("the watchlist holds " + std::to_string(user.watchlist.size()) + " users, at most " +
                   std::to_string(limits.watchlist_users_max));
  }
  std::string data;
  json::Writer json(data);
  json.begin_object().key("id").string(user.id);
  if (!user_info->empty()) json.key("user_info").raw(*user_info);
  if (!user.watchlist.empty()) {
    json.key("watchlist").begin_array();
    for (const std::string& id : user.watchlist) {
      if (Status checked = check_user_id(id, false, limits); !checked.ok()) return std::move(checked).error();
      json.string(id);
    }
    json.end_array();
  }
  json.end_object();
  return data;
}

// What an empty secret signs, everyone can sign.
Error no_secret() { return refused("there is no key and secret to sign with"); }

}  // namespace

std::string ChannelAuthorization::to_json() const {
  std::string out;
  json::Writer json(out);
  json.begin_object().key("auth").string(auth);
  if (channel_data) json.key("channel_data").string(*channel_data);
  if (shared_secret) json.key("shared_secret").string(*shared_secret);
  json.end_object();
  return out;
}

std::string UserAuthentication::to_json() const {
  std::string out;
  json::Writer(out).begin_object().key("auth").string(auth).key("user_data").string(user_data).end_object();
  return out;
}

Result<AuthRequest> parse_auth_request(std::string_view form_body) {
  if (form_body.size() > kFormBytesMax) {
    return Error{.kind = ErrorKind::kTooLarge,
                 .message = "an auth request of " + std::to_string(form_body.size()) + " bytes, at most " +
                            std::to_string(kFormBytesMax)};
  }
  pusher::SignedQuery fields;
  if (!fields.parse(form_body, pusher::PlusSign::kIsSpace)) return refused("an auth request of too many fields");
  const pusher::QueryParameter* socket_id = fields.find("socket_id");
  if (socket_id == nullptr) return refused("the auth request has no socket_id: a form body is expected");
  if (Status checked = check_socket_id(socket_id->value); !checked.ok()) return std::move(checked).error();
  AuthRequest request{.socket_id = std::string(socket_id->value)};
  if (const pusher::QueryParameter* channel = fields.find("channel_name")) {
    if (Status checked = check_channel_name(channel->value); !checked.ok()) return std::move(checked).error();
    request.channel_name = channel->value;
  }
  return request;
}

struct Authorizer::State {
  pusher::AppKey key;
  bool has_secret;
  std::optional<MasterKey> master_key;
  Limits limits;

  // What every subscription needs, whatever its data.
  Result<ChannelAuthorization> sign(std::string_view socket_id, std::string_view channel,
                                    std::optional<std::string> channel_data) const;
};

Result<ChannelAuthorization> Authorizer::State::sign(std::string_view socket_id, std::string_view channel,
                                                     std::optional<std::string> channel_data) const {
  if (!has_secret) return no_secret();
  // Both are part of what is signed: a ':' let through would turn it into another signature.
  if (Status checked = check_socket_id(socket_id); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_channel_name(channel, limits); !checked.ok()) return std::move(checked).error();
  if (!needs_authorization(channel)) {
    return refused("channel " + pusher::shortened(channel) +
                   " needs no authorization: its name begins neither with private- nor with presence-");
  }
  ChannelAuthorization answer;
  if (is_encrypted_channel(channel)) {
    if (!master_key) return refused("an encryption master key is needed for " + pusher::shortened(channel));
    Result<std::string> secret = master_key->shared_secret_base64(channel);
    if (!secret.ok()) return std::move(secret).error();
    answer.shared_secret = *std::move(secret);
  }
  answer.auth = pusher::sign_channel_auth(key, socket_id, channel, channel_data);
  answer.channel_data = std::move(channel_data);
  return answer;
}

Authorizer::Authorizer(const Credentials& credentials, std::optional<MasterKey> master_key, const Limits& limits)
    : state_(std::make_shared<State>(State{.key = pusher::AppKey(credentials.key, credentials.secret),
                                           .has_secret = !credentials.key.empty() && !credentials.secret.empty(),
                                           .master_key = std::move(master_key),
                                           .limits = limits})) {}

Authorizer::~Authorizer() = default;

Result<ChannelAuthorization> Authorizer::authorize_channel(std::string_view socket_id, std::string_view channel) const {
  return state_->sign(socket_id, channel, std::nullopt);
}

Result<ChannelAuthorization> Authorizer::authorize_channel(std::string_view socket_id, std::string_view channel,
                                                           const PresenceMember& member) const {
  if (channel_type(channel) != ChannelType::kPresence) {
    return refused("channel " + pusher::shortened(channel) + " has no members: its name does not begin with presence-");
  }
  Result<std::string> data = channel_data_of(member, state_->limits);
  if (!data.ok()) return std::move(data).error();
  return state_->sign(socket_id, channel, *std::move(data));
}

Result<ChannelAuthorization> Authorizer::authorize_channel_with_data(std::string_view socket_id,
                                                                     std::string_view channel,
                                                                     std::string_view channel_data) const {
  if (!is_utf8(channel_data)) return refused("channel_data is not valid UTF-8");
  if (channel_type(channel) == ChannelType::kPresence) {
    const auto parsed = pusher::parse_presence_data(
        channel_data, {state_->limits.user_id_chars_max, state_->limits.user_info_bytes_max});
    if (!parsed.ok()) return refused(parsed.error());
  }
  return state_->sign(socket_id, channel, std::string(channel_data));
}

Result<UserAuthentication> Authorizer::authenticate_user(std::string_view socket_id, const UserData& user) const {
  if (!state_->has_secret) return no_secret();
  if (Status checked = check_socket_id(socket_id); !checked.ok()) return std::move(checked).error();
  Result<std::string> data = user_data_of(user, state_->limits);
  if (!data.ok()) return std::move(data).error();
  return UserAuthentication{pusher::sign_user_auth(state_->key, socket_id, *data), *data};
}

Result<UserAuthentication> Authorizer::authenticate_user_with_data(std::string_view socket_id,
                                                                   std::string_view user_data) const {
  if (!state_->has_secret) return no_secret();
  if (Status checked = check_socket_id(socket_id); !checked.ok()) return std::move(checked).error();
  const Limits& limits = state_->limits;
  const auto parsed = pusher::parse_user_data(
      user_data, {limits.user_id_chars_max, limits.user_info_bytes_max, limits.watchlist_users_max});
  if (!parsed.ok()) return refused(parsed.error());
  if (parsed->watchlist_over_limit) {
    return refused("the watchlist holds more than " + std::to_string(limits.watchlist_users_max) + " users");
  }
  return UserAuthentication{pusher::sign_user_auth(state_->key, socket_id, user_data), std::string(user_data)};
}

}  // namespace fanfare::sdk
