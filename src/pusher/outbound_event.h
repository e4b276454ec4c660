// What the server sends over a connection, encoded: each function appends one event, the payload of one text frame.
//
// Channel names are valid ones (channel_name.h), so nothing in them needs escaping. Tokens are JSON as a json::Reader
// gave it. All other text is valid UTF-8 and escaped here. `data` is a JSON string that holds JSON, except in
// pusher:error and pusher:ping. Source: REF 1.5, 1.6
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pusher/error_code.h"
#include "pusher/socket_id.h"

namespace fanfare::pusher {

// Wire: {"event":"pusher:connection_established","data":"{\"socket_id\":\"1.2\",\"activity_timeout\":120}"}
void append_connection_established(std::string& out, SocketId socket_id, std::uint32_t activity_timeout_s);

// Wire: {"event":"pusher:error","data":{"code":4301,"message":"…"}}, and "code":null without a code.
// Subscription and command errors have none: some clients disconnect at a code from 4000 to 4099. Source: REF 1.8
void append_error(std::string& out, std::optional<ErrorCode> code, std::string_view message);

// Wire: {"event":"pusher:ping","data":{}}
void append_ping(std::string& out);
// Wire: {"event":"pusher:pong","data":"{}"}
void append_pong(std::string& out);

// Wire: {"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"orders"}
void append_subscription_succeeded(std::string& out, std::string_view channel);

// Wire:
// {"event":"pusher:subscription_error","channel":"private-x","data":{"type":"AuthError","error":"…","status":401}} Not
// sent by the hosted service; Laravel Echo's .error() listens for it. Source: REF 3.8
void append_subscription_error(std::string& out, std::string_view channel, std::string_view message, int status);

// Wire: {"event":"pusher_internal:subscription_count","data":"{\"subscription_count\":7}","channel":"orders"}
void append_subscription_count(std::string& out, std::string_view channel, std::uint64_t count);

// Wire: {"event":"pusher:cache_miss","data":"{}","channel":"cache-price"}
void append_cache_miss(std::string& out, std::string_view channel);

// Wire: {"event":"pusher:signin_success","data":"{\"user_data\":\"{\\\"id\\\":\\\"u7\\\"}\"}"}
// `user_data` is the string that the client sent.
void append_signin_success(std::string& out, std::string_view user_data);

// Wire:
// {"event":"pusher_internal:watchlist_events","data":"{\"events\":[{\"name\":\"online\",\"user_ids\":[\"u8\"]},…]}"} An
// empty group is left out.
void append_watchlist_events(std::string& out, std::span<const std::string_view> online,
                             std::span<const std::string_view> offline);
void append_watchlist_events(std::string& out, std::span<const std::string> online,
                             std::span<const std::string> offline);

// Wire: {"event":"order.created","channel":"orders","data":"{\"n\":1}"}
void append_published_event(std::string& out, std::string_view event_token, std::string_view channel,
                            std::string_view data_token);
// Wire: the same with ,"user_id":"u7" at the end; `user_id_token` is a JSON string, or empty for none.
void append_client_event(std::string& out, std::string_view event_token, std::string_view channel,
                         std::string_view data_token, std::string_view user_id_token);

// ---- Presence ----------------------------------------------------------------------------------------------------

// What a member adds to a roster, escaped once for all the rosters to come: `data` is JSON inside a JSON string.
// Views of memory that someone else keeps.
struct PresenceFragments {
  std::string_view id_piece;    // \"u7\"
  std::string_view hash_piece;  // \"u7\":{\"name\":\"Ida\"}: it begins with id_piece
};

// The memory of one member's.
struct PresenceText {
  std::string hash_piece;
  std::size_t id_bytes = 0;  // of hash_piece, from its front

  PresenceFragments fragments() const noexcept {
    return {std::string_view(hash_piece).substr(0, id_bytes), hash_piece};
  }
};

// `user_info` is compact JSON; empty means null.
PresenceText make_presence_text(std::string_view user_id, std::string_view user_info);

// Wire: {"event":"pusher_internal:subscription_succeeded",
//        "data":"{\"presence\":{\"count\":1,\"ids\":[\"u7\"],\"hash\":{\"u7\":null}}}","channel":"presence-room"}
//
//   PresenceRosterWriter writer(out, channel, members.size());
//   for (…) writer.add_id(fragments.id_piece);
//   writer.begin_hash();
//   for (…) writer.add_hash(fragments.hash_piece);
//   writer.finish();
class PresenceRosterWriter {
 public:
  PresenceRosterWriter(std::string& out, std::string_view channel, std::size_t member_count);

  void add_id(std::string_view id_piece);
  void begin_hash();
  void add_hash(std::string_view hash_piece);
  void finish();

 private:
  std::string& out_;
  std::string_view channel_;
  bool needs_comma_ = false;
};

// Wire:
// {"event":"pusher_internal:member_added","data":"{\"user_id\":\"u9\",\"user_info\":null}","channel":"presence-room"}
void append_member_added(std::string& out, std::string_view channel, const PresenceFragments& member);
// Wire: {"event":"pusher_internal:member_removed","data":"{\"user_id\":\"u9\"}","channel":"presence-room"}
void append_member_removed(std::string& out, std::string_view channel, std::string_view user_id);

}  // namespace fanfare::pusher
