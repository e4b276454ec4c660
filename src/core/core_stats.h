// What core counts on one loop; the metrics page sums the loops.
#pragma once

#include "base/counter.h"

namespace fanfare::core {

struct CoreStats {
  Counter published_api;       // events taken from the HTTP API, by channel
  Counter published_client;    // client events taken
  Counter delivered_frames;    // frames offered to subscribers: published and client events
  Counter delivered_protocol;  // and protocol events (members, counts)
  Counter delivered_bytes;     // bytes of both
  Counter deliver_dropped;     // Deliver messages dropped because the loop's mailbox was full
  Counter publish_refused;     // publishes answered 503
  Counter subscribed;          // subscriptions admitted
  Counter unsubscribed;
  Counter subscriptions_refused;  // by the home loop
  Gauge subscriptions;            // active now, on this loop
  Gauge channels;                 // occupied channels homed on this loop
  Gauge presence_members;         // distinct users in presence channels homed on this loop
  Gauge users;                    // signed-in users homed on this loop
  Gauge cached_events;
  Gauge cached_bytes;
  Counter cache_hits;
  Counter cache_misses;
  Counter cache_evictions;
  Gauge fan_outs_waiting;  // channels with a fan-out in progress
  DurationHistogram
      publish_to_write;  // from a publish reaching the server to the last write of its fan-out on this loop
};

}  // namespace fanfare::core
