// TestApp: an app as a test configures it, and what its backend would sign.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanfare::test {

struct TestApp {
  std::string id = "1";
  std::string key = "app-key";
  std::string secret = "app-secret";
  std::string settings{};  // more lines of [[apps]]: "client_events = true"
  std::string limits{};    // lines of [apps.limits]
  // Instead of the pair above in the file: the text of `keys`.
  std::string keys{};

  std::string toml() const;
  // What the app's auth endpoints answer as `auth`.
  std::string channel_auth(std::string_view socket_id, std::string_view channel,
                           std::optional<std::string_view> channel_data = std::nullopt) const;
  std::string user_auth(std::string_view socket_id, std::string_view user_data) const;
};

std::string config_toml(std::string_view server_lines, const std::vector<TestApp>& apps);

// --- The wire, as clients see it. Source: REF 1.6
std::string json_string(std::string_view text);  // a JSON string
std::string subscription_succeeded(std::string_view channel);
std::string event_text(std::string_view name, std::string_view channel, std::string_view data);
std::string cache_miss(std::string_view channel);
std::string subscription_count(std::string_view channel, int count);
std::string member_added(std::string_view channel, std::string_view member);  // `member`: {"user_id":"a"}
std::string member_removed(std::string_view channel, std::string_view user_id);
// code null, the connection stays. Source: REF 1.8
std::string error_text(std::string_view message);
std::string error_text(int code, std::string_view message);

}  // namespace fanfare::test
