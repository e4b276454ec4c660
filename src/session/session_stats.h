// What the sessions of one loop count; the metrics page sums the loops.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "base/counter.h"

namespace fanfare::session {

// Counts by close or error code; entries are taken as codes come up. Thread: as Counter.
class CodeCounters {
 public:
  struct Entry {
    std::atomic<std::uint16_t> code{0};  // 0: free
    Counter count;
  };
  // Codes beyond the bound share the last entry under code 0.
  void add(std::uint16_t code) noexcept {
    for (Entry& entry : entries_) {
      const std::uint16_t taken = entry.code.load(std::memory_order_relaxed);
      if (taken == 0) entry.code.store(code, std::memory_order_relaxed);
      if (taken == 0 || taken == code) return entry.count.add();
    }
    others_.add();
  }
  const std::array<Entry, 32>& entries() const noexcept { return entries_; }
  const Counter& others() const noexcept { return others_; }

 private:
  std::array<Entry, 32> entries_;
  Counter others_;
};

struct SessionStats {
  Gauge connections;  // established now
  Counter established;
  CodeCounters refused;  // connections refused, by close code
  CodeCounters closed;   // established connections that the server closed, by close code
  Counter closed_by_client;
  CodeCounters error_events;  // pusher:error events by code
  Counter error_events_null;  // those without one
  Counter messages_in;        // messages of clients
  Counter message_bytes_in;
  Counter client_events;  // accepted
  Counter client_events_refused;
  Counter slow_consumers;     // closed with 4100 because their queue was full
  Counter events_dropped;     // taken out of full queues (drop_oldest)
  Counter activity_timeouts;  // closed with 4201
  Counter signins;
  Gauge deflate_connections;      // with permessage-deflate
  Counter deflated_messages;      // each once, however many connections it went to
  Counter deflated_bytes_before;  // of them: what they were
  Counter deflated_bytes_after;   // and what they became
  Counter deflate_us;             // the time that it took
  Counter deflate_held_back;      // messages that stayed plain because the loop had no time
  Gauge fallback_sessions;        // of the connections those that HTTP fallbacks carry, and what is not let in yet
  Counter fallback_expired;       // ended because no request came any more
};

}  // namespace fanfare::session
