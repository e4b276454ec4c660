// GatewayStats: what the gateway counts, under fanfare_gateway_… on the metrics page.
//
// Thread: written by the gateway's loop, webhook_… also by its hand-on thread (each counter by one of them only); read
// by
//         any, relaxed.
#pragma once

#include <array>
#include <cstddef>

#include "base/counter.h"

namespace fanfare::gateway {

struct GatewayStats {
  std::array<Counter, 5> answers_by_class;  // 1xx to 5xx
  DurationHistogram answer_time;

  Counter channel_auths;         // signed
  Counter user_auths;            // signed
  Counter tokens_refused;        // 401
  Counter forbidden;             // 403 by a rule
  Counter rate_limited_user;     // 429
  Counter rate_limited_address;  // 429
  Counter limit_keys_dropped;    // counts that were forgotten because too many users or addresses came at once
  Counter events_published;      // by channel
  Counter publishes_failed;      // the Channels server did not take them
  Counter publishes_skipped;     // publishing is disabled

  Counter webhooks;            // genuine ones
  Counter webhooks_refused;    // key or signature did not fit, or no webhook
  Counter webhooks_old;        // outside the window
  Counter webhooks_repeated;   // came before
  Counter webhooks_full;       // the hand-on queue was full: 503
  Counter webhooks_handed_on;  // hand-on thread
  Counter webhook_retries;     // hand-on thread
  Counter webhooks_given_up;   // hand-on thread
  Gauge webhooks_waiting;      // hand-on thread

  void count_answer(int status) noexcept {
    const auto index = static_cast<std::size_t>(status / 100 - 1);
    if (index < answers_by_class.size()) answers_by_class[index].add();
  }
};

}  // namespace fanfare::gateway
