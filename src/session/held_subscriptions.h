// HeldSubscriptions: channels that a connection has asked for and whose rule needs a role, before it has signed in.
//
// Stock clients send such a subscription at once, and the sign-in when its auth request has come back. So it waits: it
// counts nowhere, and ends with the sign-in, with its time, or by an unsubscribe.
//
// Thread: the session's loop.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"

namespace fanfare::session {

class HeldSubscriptions {
 public:
  static constexpr std::size_t kMax = 100;  // of one connection

  enum class Outcome : std::uint8_t { kHeld, kAlreadyHeld, kTooMany };

  Outcome hold(std::string_view channel, MonotonicTime until);
  // Whether it was there.
  bool drop(std::string_view channel);
  std::vector<std::string> take_all();
  // Those whose time is over, in the order in which they came.
  std::vector<std::string> take_due(MonotonicTime now);
  // When the first one's time is over; empty: none is held.
  std::optional<MonotonicTime> next_due() const;

 private:
  struct Entry {
    std::string channel;
    MonotonicTime until;
  };
  std::vector<Entry> entries_;
};

}  // namespace fanfare::session
