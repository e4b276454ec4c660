#include "support/test_app.h"

#include "json/json_writer.h"
#include "pusher/channel_auth.h"
#include "pusher/user_auth.h"

namespace fanfare::test {

namespace {

std::string internal_event(std::string_view event, std::string_view channel, std::string_view data) {
  return R"({"event":")" + std::string(event) + R"(","data":)" + json_string(data) + R"(,"channel":")" +
         std::string(channel) + R"("})";
}

}  // namespace

std::string TestApp::toml() const {
  const std::string pair = "[{ key = \"" + key + "\", secret = \"" + secret + "\" }]";
  std::string text = "[[apps]]\nid = \"" + id + "\"\nkeys = " + (keys.empty() ? pair : keys) + "\n" + settings + "\n";
  if (!limits.empty()) text += "[apps.limits]\n" + limits + "\n";
  return text;
}

std::string TestApp::channel_auth(std::string_view socket_id, std::string_view channel,
                                  std::optional<std::string_view> channel_data) const {
  return pusher::sign_channel_auth(pusher::AppKey(key, secret), socket_id, channel, channel_data);
}

std::string TestApp::user_auth(std::string_view socket_id, std::string_view user_data) const {
  return pusher::sign_user_auth(pusher::AppKey(key, secret), socket_id, user_data);
}

std::string config_toml(std::string_view server_lines, const std::vector<TestApp>& apps) {
  std::string text =
      "[server]\nport = 0\n" + std::string(server_lines) + "\n[metrics]\nport = 0\n[log]\nlevel = \"off\"\n";
  for (const TestApp& app : apps) text += app.toml();
  return text;
}

std::string json_string(std::string_view text) {
  std::string token;
  json::append_string(token, text);
  return token;
}

std::string subscription_succeeded(std::string_view channel) {
  return internal_event("pusher_internal:subscription_succeeded", channel, "{}");
}

std::string event_text(std::string_view name, std::string_view channel, std::string_view data) {
  return R"({"event":)" + json_string(name) + R"(,"channel":")" + std::string(channel) + R"(","data":)" +
         json_string(data) + "}";
}

std::string cache_miss(std::string_view channel) { return internal_event("pusher:cache_miss", channel, "{}"); }

std::string subscription_count(std::string_view channel, int count) {
  return internal_event("pusher_internal:subscription_count", channel,
                        R"({"subscription_count":)" + std::to_string(count) + "}");
}

std::string member_added(std::string_view channel, std::string_view member) {
  return internal_event("pusher_internal:member_added", channel, member);
}

std::string member_removed(std::string_view channel, std::string_view user_id) {
  return internal_event("pusher_internal:member_removed", channel, R"({"user_id":)" + json_string(user_id) + "}");
}

std::string error_text(std::string_view message) {
  return R"({"event":"pusher:error","data":{"code":null,"message":)" + json_string(message) + "}}";
}

std::string error_text(int code, std::string_view message) {
  return R"({"event":"pusher:error","data":{"code":)" + std::to_string(code) + R"(,"message":)" + json_string(message) +
         "}}";
}

}  // namespace fanfare::test
