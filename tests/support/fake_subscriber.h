// A Subscriber that writes down what it is told.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "core/home.h"
#include "core/subscriber.h"
#include "support/frame_payloads.h"

namespace fanfare::test {

class FakeSubscriber final : public core::Subscriber {
 public:
  explicit FakeSubscriber(std::string user = {}) : user_(std::move(user)) {}

  // In order: the payload of each delivered frame; "admitted <channel>", and the roster's and the cached event's
  // payload or "cache miss" behind it; "refused <channel>", "kicked <channel>", "terminated", "online <channel>",
  // "offline …".
  std::vector<std::string> log;
  std::size_t slices = 0;  // deliver() calls
  std::vector<core::WatchNotice> notices;
  std::vector<MonotonicTime> looks;
  std::chrono::milliseconds look_again{3'600'000};

  std::vector<std::string> take_log() { return std::exchange(log, {}); }

  void deliver(const core::Delivery& delivery, core::FrameClass) override {
    ++slices;
    for (const std::string_view payload : frame_payloads(delivery.frames().view())) log.emplace_back(payload);
  }
  void on_admitted(core::Subscription&, const core::Admitted& admitted) override {
    log.push_back("admitted " + admitted.channel->text());
    note(admitted.roster_frame);
    note(admitted.cached_frame);
    if (admitted.cache == core::CacheAnswer::kMiss) log.emplace_back("cache miss");
  }
  void on_refused(const core::ChannelName& channel, const core::Refused&) override {
    log.push_back("refused " + channel.text());
  }
  void on_kicked(const core::ChannelName& channel) override { log.push_back("kicked " + channel.text()); }
  void on_terminated() override { log.emplace_back("terminated"); }
  void on_watch_notice(const core::WatchNotice& notice) override {
    notices.push_back(notice);
    log.push_back((notice.online ? "online " : "offline ") + notice.user->text());
  }
  MonotonicTime on_round(MonotonicTime now) override {
    looks.push_back(now);
    return now + look_again;
  }
  const std::string& user_id() const noexcept override { return user_; }

 private:
  void note(const BytesSlice& frame) {
    if (!frame.chunk) return;
    for (const std::string_view payload : frame_payloads(frame.view())) log.emplace_back(payload);
  }

  std::string user_;
};

}  // namespace fanfare::test
