// SendLimitsTable: the send-queue limits of each app, where the streams of one loop can refer to them.
//
// Thread: one loop. A reload changes an app's limits in place, for its open connections too.
#pragma once

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "core/app_table.h"
#include "net/send_queue_limits.h"

namespace fanfare::session {

class SendLimitsTable {
 public:
  explicit SendLimitsTable(const net::SendQueueLimits& defaults) : defaults_(defaults) {}

  const net::SendQueueLimits& of(const core::App& app) {
    auto& place = by_app_[app.index.value()];
    if (place == nullptr) place = std::make_unique<net::SendQueueLimits>(make(app));
    return *place;
  }
  void refresh(const core::AppTable& apps) {
    for (const core::AppRef& app : apps.apps()) {
      const auto known = by_app_.find(app->index.value());
      if (known != by_app_.end()) *known->second = make(*app);
    }
  }

 private:
  net::SendQueueLimits make(const core::App& app) const {
    net::SendQueueLimits limits = defaults_;
    limits.bytes_max = app.limits.send_queue_bytes;
    limits.high_mark = std::min(limits.high_mark, limits.bytes_max / 4);
    limits.low_mark = std::min(limits.low_mark, limits.high_mark / 4);
    return limits;
  }

  net::SendQueueLimits defaults_;
  std::unordered_map<std::uint32_t, std::unique_ptr<net::SendQueueLimits>> by_app_;
};

}  // namespace fanfare::session
