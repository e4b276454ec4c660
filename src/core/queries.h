// Queries: questions about channels, asked at their home loops and answered on the loop that asked.
//
// Thread: any loop asks; `done` runs on that same loop, perhaps before the call returns. It must not assume that what
// it
//         was going to answer still exists.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/home.h"
#include "core/idempotency_table.h"

namespace fanfare::core {

class LoopCore;

struct ChannelCounts {
  std::size_t subscription_count = 0;  // connections
  std::size_t user_count = 0;          // distinct members; presence channels only
};

struct CachedEvent {
  std::string data_token;    // the stored data as a JSON token
  std::chrono::seconds ttl;  // what is left
};

struct ChannelAnswer {
  ChannelCounts counts;
  std::optional<CachedEvent> cached;
};

struct NamedCounts {
  std::string channel;
  ChannelCounts counts;
};

// One channel: its counts and, for a cache channel, the cached event.
void query_channel(LoopCore& asker, const ChannelView& channel, std::function<void(ChannelAnswer)> done);
// The counts of several, in the order given. Each is taken after what the asker published there before.
void query_counts(LoopCore& asker, AppIndex app, const std::vector<std::string>& channels,
                  std::function<void(std::vector<ChannelCounts>)> done);
// The distinct user ids of a presence channel.
void query_members(LoopCore& asker, const ChannelView& channel, std::function<void(std::vector<std::string>)> done);
// The app's occupied channels whose names begin with `prefix`, in no particular order.
void query_channels(LoopCore& asker, AppIndex app, const std::string& prefix,
                    std::function<void(std::vector<NamedCounts>)> done);
// The app's distinct users, signed in or member of a presence channel, sorted. Costs a walk over all
// channels of the app on every loop.
void query_users(LoopCore& asker, AppIndex app, std::function<void(std::vector<std::string>)> done);

// Closes all connections that are signed in as the user.
void terminate_user(LoopCore& asker, AppIndex app, std::string_view user_id);
// Takes the user's connections (its presence members, and signed-in subscribers) out of the channel.
void kick_member(LoopCore& asker, const ChannelView& channel, std::string_view user_id);

// The idempotency key's home gives the verdict; see IdempotencyTable.
void begin_idempotent(LoopCore& asker, const App& app, std::string key, IdempotencyTable::Verdict verdict);
void finish_idempotent(LoopCore& asker, const App& app, std::string key, PublishAnswer answer);
void abandon_idempotent(LoopCore& asker, const App& app, std::string key);

}  // namespace fanfare::core
