// The signature of a subscription to a private, presence or encrypted channel. Source: REF 3.4
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "pusher/app_keys.h"
#include "pusher/inbound_event.h"

namespace fanfare::pusher {

// Whether `command` carries "<key>:<hex>" of an enabled key over "<socket_id>:<channel>[:<channel_data>]".
// The channel is one that needs_auth(). Gives the key that signed.
// Fails: kUnauthorized or kInvalid with the hosted service's text, for a pusher:error with code null.
Result<const AppKey*> verify_channel_auth(const AppKeys& keys, std::string_view socket_id,
                                          const SubscribeCommand& command);

// What an application's auth endpoint answers: "<key>:<hex>".
std::string sign_channel_auth(const AppKey& key, std::string_view socket_id, std::string_view channel,
                              std::optional<std::string_view> channel_data = std::nullopt);

}  // namespace fanfare::pusher
