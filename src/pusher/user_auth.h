// Signing a connection's user in: signature and user_data. Source: REF 6.1, 6.7
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pusher/app_keys.h"
#include "pusher/inbound_event.h"

namespace fanfare::pusher {

// Whether `command` carries "<key>:<hex>" of an enabled key over "<socket_id>::user::<user_data>".
// Fails: as verify_channel_auth().
Result<const AppKey*> verify_user_auth(const AppKeys& keys, std::string_view socket_id, const SigninCommand& command);

// What an application's user auth endpoint answers as `auth`.
std::string sign_user_auth(const AppKey& key, std::string_view socket_id, std::string_view user_data);

struct UserData {
  std::string id;
  std::string user_info;               // compact JSON; empty: none
  std::vector<std::string> watchlist;  // the first watchlist_users_max, without repetitions
  bool watchlist_over_limit = false;   // some were left out: the client is told with 4302
};

struct UserDataLimits {
  std::size_t user_id_chars_max = 128;
  std::size_t user_info_bytes_max = 1024;  // of the compact JSON: it may become a presence member's
  std::size_t watchlist_users_max = 100;
};

// Wire: {"id":"u7","user_info":{…},"watchlist":["u8"]}; further keys are let be.
// Fails: kInvalid with a text for a pusher:error (code null).
Result<UserData> parse_user_data(std::string_view user_data, const UserDataLimits& limits = {});

}  // namespace fanfare::pusher
