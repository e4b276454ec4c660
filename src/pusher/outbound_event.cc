#include "pusher/outbound_event.h"

#include <string_view>

#include "json/json_writer.h"

namespace fanfare::pusher {
namespace {

using namespace std::string_view_literals;  // whose length need not be counted

// Ends an envelope whose `data` string is open.
void finish_with_channel(std::string& out, std::string_view channel) {
  out += R"(","channel":")"sv;
  out += channel;
  out += R"("})"sv;
}

template <typename Text>
void append_watchlist_group(std::string& out, std::string_view name, std::span<const Text> user_ids) {
  if (user_ids.empty()) return;
  if (out.back() == '}') out.push_back(',');
  out += R"({\"name\":\")"sv;
  out += name;
  out += R"(\",\"user_ids\":[)"sv;
  bool needs_comma = false;
  for (const std::string_view user_id : user_ids) {
    if (needs_comma) out.push_back(',');
    out += R"(\")"sv;
    json::append_escaped_twice(out, user_id);
    out += R"(\")"sv;
    needs_comma = true;
  }
  out += "]}"sv;
}

template <typename Text>
void append_watchlist(std::string& out, std::span<const Text> online, std::span<const Text> offline) {
  out += R"({"event":"pusher_internal:watchlist_events","data":"{\"events\":[)"sv;
  append_watchlist_group(out, "online", online);
  append_watchlist_group(out, "offline", offline);
  out += R"(]}"})"sv;
}

void append_event_head(std::string& out, std::string_view event_token, std::string_view channel,
                       std::string_view data_token) {
  out += R"({"event":)"sv;
  out += event_token;
  out += R"(,"channel":")"sv;
  out += channel;
  out += R"(","data":)"sv;
  out += data_token;
}

}  // namespace

void append_connection_established(std::string& out, SocketId socket_id, std::uint32_t activity_timeout_s) {
  out += R"({"event":"pusher:connection_established","data":"{\"socket_id\":\")"sv;
  out += SocketIdText(socket_id).view();
  out += R"(\",\"activity_timeout\":)"sv;
  json::append_integer(out, activity_timeout_s);
  out += R"(}"})"sv;
}

void append_error(std::string& out, std::optional<ErrorCode> code, std::string_view message) {
  out += R"({"event":"pusher:error","data":{"code":)"sv;
  if (code) {
    json::append_integer(out, number_of(*code));
  } else {
    out += "null"sv;
  }
  out += R"(,"message":)"sv;
  json::append_string(out, message);
  out += "}}"sv;
}

void append_ping(std::string& out) { out += R"({"event":"pusher:ping","data":{}})"sv; }

void append_pong(std::string& out) { out += R"({"event":"pusher:pong","data":"{}"})"sv; }

void append_subscription_succeeded(std::string& out, std::string_view channel) {
  out += R"({"event":"pusher_internal:subscription_succeeded","data":"{})"sv;
  finish_with_channel(out, channel);
}

void append_subscription_error(std::string& out, std::string_view channel, std::string_view message, int status) {
  out += R"({"event":"pusher:subscription_error","channel":)"sv;
  json::append_string(out, channel);  // it may be the invalid name that was refused
  out += R"(,"data":{"type":"AuthError","error":)"sv;
  json::append_string(out, message);
  out += R"(,"status":)"sv;
  json::append_integer(out, status);
  out += "}}"sv;
}

void append_subscription_count(std::string& out, std::string_view channel, std::uint64_t count) {
  out += R"({"event":"pusher_internal:subscription_count","data":"{\"subscription_count\":)"sv;
  json::append_integer(out, count);
  out.push_back('}');
  finish_with_channel(out, channel);
}

void append_cache_miss(std::string& out, std::string_view channel) {
  out += R"({"event":"pusher:cache_miss","data":"{})"sv;
  finish_with_channel(out, channel);
}

void append_signin_success(std::string& out, std::string_view user_data) {
  out += R"({"event":"pusher:signin_success","data":"{\"user_data\":\")"sv;
  json::append_escaped_twice(out, user_data);
  out += R"(\"}"})"sv;
}

void append_watchlist_events(std::string& out, std::span<const std::string_view> online,
                             std::span<const std::string_view> offline) {
  append_watchlist(out, online, offline);
}

void append_watchlist_events(std::string& out, std::span<const std::string> online,
                             std::span<const std::string> offline) {
  append_watchlist(out, online, offline);
}

void append_published_event(std::string& out, std::string_view event_token, std::string_view channel,
                            std::string_view data_token) {
  append_event_head(out, event_token, channel, data_token);
  out.push_back('}');
}

void append_client_event(std::string& out, std::string_view event_token, std::string_view channel,
                         std::string_view data_token, std::string_view user_id_token) {
  append_event_head(out, event_token, channel, data_token);
  if (!user_id_token.empty()) {
    out += R"(,"user_id":)"sv;
    out += user_id_token;
  }
  out.push_back('}');
}

}  // namespace fanfare::pusher
