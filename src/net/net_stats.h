// NetStats: what one loop's sockets and turns did.
//
// Thread: written by its loop; read by any, relaxed.
#pragma once

#include "base/counter.h"

namespace fanfare::net {

struct alignas(64) NetStats {
  // Sockets
  Counter accepted;
  Counter accepts_refused;  // closed at once: no descriptor was left (RLIMIT_NOFILE)
  Counter accept_errors;
  Counter closed;
  Gauge open;
  Counter receive_calls;
  Counter received_bytes;
  Counter send_calls;     // one for a whole batch
  Counter batched_sends;  // of sockets that shared a call
  Counter sent_bytes;
  Counter send_stalls;     // the kernel took less than was queued: the client is slower than we are
  Gauge waiting_bytes;     // queued and not taken by the kernel at the last flush
  Counter sends_refused;   // queue() was kRefusedFull
  Counter frames_dropped;  // by drop_oldest_droppable()
  Counter linger_timeouts;
  Gauge io_uring;  // 1: many sends share a system call

  // Turns
  Counter turns;
  Counter busy_us;                // time not spent waiting
  DurationHistogram turn_length;  // from the end of the wait to the end of the turn: how late the last one is served
  Counter tasks_run;              // from the mailbox
  Counter timers_fired;
  Counter wakes;  // times that this loop was woken by another thread
};

}  // namespace fanfare::net
