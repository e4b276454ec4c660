// What a request may hold, checked before anything is sent.
#pragma once

#include <cstddef>

namespace fanfare::sdk {

// The hosted service's limits on shared clusters. Raise one where your server's is raised (Fanfare: [apps.limits]).
struct Limits {
  std::size_t event_data_bytes_max = 10'240;  // UTF-8; of an encrypted event, what it is after encryption
  std::size_t event_name_chars_max = 200;     // code points
  std::size_t publish_channels_max = 100;     // of one event
  std::size_t publish_batch_events_max = 10;  // of one batch
  std::size_t channel_name_chars_max = 164;   // prefix included; of #server-to-user-<id>, the id
  std::size_t user_id_chars_max = 128;        // code points
  std::size_t user_info_bytes_max = 1'024;    // compact JSON of a presence member's or user's user_info
  std::size_t watchlist_users_max = 100;      // of a signed-in user
};

}  // namespace fanfare::sdk
