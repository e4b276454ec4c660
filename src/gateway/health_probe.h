// HealthProbe: how the Channels server is, asked when someone wants to know, and not more often than it may be.
//
// Thread: the gateway's loop. It may die while a question is under way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/clock.h"
#include "gateway/backend.h"
#include "gateway/options.h"

namespace fanfare::gateway {

struct HealthReport {
  enum class Status : std::uint8_t {
    kHealthy,
    kDegraded,   // it answers, but not all that was asked
    kUnhealthy,  // it does not answer; the counts are zero
    kDisabled,   // by configuration: it is not asked
  };

  Status status = Status::kHealthy;
  std::string reason{};                        // degraded, unhealthy
  std::uint64_t connected_users = 0;           // distinct, signed in or present
  bool connected_users_partial = false;        // not every presence channel was asked
  std::uint64_t total_channels = 0;            // occupied, without those that begin with '#'
  std::vector<std::string> active_channels{};  // their names, sorted, as far as they may be told
};

std::string_view name_of(HealthReport::Status status) noexcept;  // "healthy"

class HealthProbe {
 public:
  static constexpr std::size_t kActiveChannelsMax = 100;
  static constexpr std::size_t kUsersCallsMax = 20;  // of a refresh, against hosted Pusher, which bills them
  static constexpr std::size_t kWaitersMax = 1'000;

  // `names`: which may be told; kAutomatic was resolved. Both outlive this.
  HealthProbe(ChannelsBackend& backend, const Clock& clock, bool is_enabled, ActiveChannels names);
  ~HealthProbe();
  HealthProbe(const HealthProbe&) = delete;
  HealthProbe& operator=(const HealthProbe&) = delete;

  // `done` gets a report that is at most health_age_max() old, once there is one; questions at the same time share it.
  // With too many of them, the last report.
  void ask(std::function<void(const HealthReport&)> done);

 private:
  struct Refresh;

  void begin();
  void take_channels(const sdk::Result<sdk::ChannelsAnswer>& answer);
  void count_users();
  void ask_members();
  void take_members(const sdk::Result<std::vector<std::string>>& members);
  void finish();
  bool may_tell(std::string_view channel) const;

  ChannelsBackend& backend_;
  const Clock& clock_;
  const bool is_enabled_;
  const ActiveChannels names_;
  HealthReport last_;
  MonotonicTime taken_at_{};
  bool has_report_ = false;
  std::unique_ptr<Refresh> refresh_;  // null: none is under way
  std::vector<std::function<void(const HealthReport&)>> waiters_;
  std::shared_ptr<HealthProbe*> self_;  // emptied when this dies
};

}  // namespace fanfare::gateway
