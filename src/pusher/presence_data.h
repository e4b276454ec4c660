// channel_data of a presence subscription: who the member is. Source: REF 3.6
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::pusher {

struct PresenceData {
  std::string user_id;    // text; the number 10 and the string "10" are the same member
  std::string user_info;  // compact JSON; empty: none
};

struct PresenceDataLimits {
  std::size_t user_id_chars_max = 128;
  std::size_t user_info_bytes_max = 1024;  // of the compact JSON
};

// Wire: {"user_id":"u7","user_info":{"name":"Ida"}}; user_id is a string or an integer, user_info any JSON or absent.
// Fails: kInvalid with a text for a pusher:error (code null).
Result<PresenceData> parse_presence_data(std::string_view channel_data, const PresenceDataLimits& limits = {});

}  // namespace fanfare::pusher
