#include "pusher/user_auth.h"

#include <unordered_set>

#include "json/json_reader.h"
#include "pusher/auth_token.h"
#include "pusher/event_name.h"

namespace fanfare::pusher {
namespace {

Error invalid_data(std::string_view why) {
  return invalid(std::string("Invalid user_data: must be valid JSON with an id (").append(why).append(")"));
}

// "user_info is 1025 bytes, at most 1024 are allowed"
Error too_long(std::string_view what, std::size_t size, std::string_view unit, std::size_t size_max) {
  return invalid("Invalid user_data: " + std::string(what) + " is " + std::to_string(size) + " " + std::string(unit) +
                 ", at most " + std::to_string(size_max) + " are allowed");
}

// Reads `raw`, the watchlist, into `data`.
Status read_watchlist(std::string_view raw, const UserDataLimits& limits, UserData& data) {
  thread_local json::Reader reader;
  if (Status status = reader.parse(raw); !status.ok()) return status;
  std::unordered_set<std::string_view> seen;
  for (const json::Value& entry : reader.elements()) {
    if (!entry.is_string()) return invalid_data("expected only strings in watchlist");
    // What is beyond the limit is looked at only for that; an id that is too long cannot sign in.
    if (data.watchlist.size() == limits.watchlist_users_max) {
      data.watchlist_over_limit = data.watchlist_over_limit || !seen.contains(entry.text);
      continue;
    }
    if (has_more_chars_than(entry.text, limits.user_id_chars_max)) {
      return too_long("a user id in watchlist", count_chars(entry.text), "characters", limits.user_id_chars_max);
    }
    if (seen.insert(entry.text).second) data.watchlist.emplace_back(entry.text);
  }
  return {};
}

}  // namespace

Result<const AppKey*> verify_user_auth(const AppKeys& keys, std::string_view socket_id, const SigninCommand& command) {
  return verify_auth_token(keys, command.auth, {socket_id, "::user::", command.user_data});
}

std::string sign_user_auth(const AppKey& key, std::string_view socket_id, std::string_view user_data) {
  return make_auth_token(key, {socket_id, "::user::", user_data});
}

Result<UserData> parse_user_data(std::string_view user_data, const UserDataLimits& limits) {
  thread_local json::Reader reader;
  if (Status status = reader.parse_object(user_data); !status.ok()) return invalid_data(status.error().message);
  const json::Value* id = reader.find("id");
  if (id == nullptr) return invalid_data("id is missing");
  if (!id->is_string()) {
    return invalid_data("expected a string in id, found " + std::string(json::describe(id->kind)));
  }
  if (id->text.empty()) return invalid_data("id is empty");
  if (has_more_chars_than(id->text, limits.user_id_chars_max)) {
    return too_long("id", count_chars(id->text), "characters", limits.user_id_chars_max);
  }
  UserData data;
  data.id = id->text;
  if (const json::Value* info = reader.find("user_info"); info != nullptr && !info->is_null()) {
    data.user_info = json::compact(info->raw);
    if (data.user_info.size() > limits.user_info_bytes_max) {
      return too_long("user_info", data.user_info.size(), "bytes", limits.user_info_bytes_max);
    }
  }
  if (const json::Value* watchlist = reader.find("watchlist"); watchlist != nullptr && !watchlist->is_null()) {
    if (!watchlist->is_array()) return invalid_data("expected an array in watchlist");
    if (Status status = read_watchlist(watchlist->raw, limits, data); !status.ok()) return std::move(status).error();
  }
  return data;
}

}  // namespace fanfare::pusher
