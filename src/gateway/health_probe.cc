#include "gateway/health_probe.h"

#include <utility>

#include "pusher/channel_name.h"

namespace fanfare::gateway {

struct HealthProbe::Refresh {
  HealthReport report;
  std::vector<std::string> presence_channels;
  std::size_t awaited = 0;  // answers
  std::set<std::string> users;
};

std::string_view name_of(HealthReport::Status status) noexcept {
  switch (status) {
    case HealthReport::Status::kHealthy:
      return "healthy";
    case HealthReport::Status::kDegraded:
      return "degraded";
    case HealthReport::Status::kUnhealthy:
      return "unhealthy";
    case HealthReport::Status::kDisabled:
      return "disabled";
  }
  return "";
}

HealthProbe::HealthProbe(ChannelsBackend& backend, const Clock& clock, bool is_enabled, ActiveChannels names)
    : backend_(backend),
      clock_(clock),
      is_enabled_(is_enabled),
      names_(names),
      self_(std::make_shared<HealthProbe*>(this)) {}

HealthProbe::~HealthProbe() { *self_ = nullptr; }

void HealthProbe::ask(std::function<void(const HealthReport&)> done) {
  if (!is_enabled_) {
    HealthReport report;
    report.status = HealthReport::Status::kDisabled;
    return done(report);
  }
  const bool is_fresh = has_report_ && clock_.monotonic() - taken_at_ <= backend_.health_age_max();
  if (is_fresh || waiters_.size() >= kWaitersMax) return done(last_);
  waiters_.push_back(std::move(done));
  if (refresh_ == nullptr) begin();
}

void HealthProbe::begin() {
  refresh_ = std::make_unique<Refresh>();
  backend_.channels({}, [self = self_](const sdk::Result<sdk::ChannelsAnswer>& answer) {
    if (*self != nullptr) (*self)->take_channels(answer);
  });
}

bool HealthProbe::may_tell(std::string_view channel) const {
  if (names_ == ActiveChannels::kNone) return false;
  return names_ == ActiveChannels::kAll || !pusher::channel_traits(channel).needs_auth();
}

void HealthProbe::take_channels(const sdk::Result<sdk::ChannelsAnswer>& answer) {
  HealthReport& report = refresh_->report;
  if (!answer.ok()) {
    report.status = HealthReport::Status::kUnhealthy;
    report.reason = std::string("the Channels server cannot be asked: ") + sdk::name_of(answer.error().kind);
    if (answer.error().http_status != 0) report.reason += " (" + std::to_string(answer.error().http_status) + ")";
    return finish();
  }
  for (const auto& [name, counts] : *answer) {
    if (name.starts_with('#')) continue;
    ++report.total_channels;
    // In their order: the answer is sorted by name.
    if (report.active_channels.size() < kActiveChannelsMax && may_tell(name)) report.active_channels.push_back(name);
    if (pusher::channel_traits(name).has_members()) refresh_->presence_channels.push_back(name);
  }
  count_users();
}

void HealthProbe::count_users() {
  backend_.user_count([self = self_](const sdk::Result<std::uint64_t>& count) {
    if (*self == nullptr) return;
    HealthProbe& probe = **self;
    HealthReport& report = probe.refresh_->report;
    if (count.ok()) {
      report.connected_users = *count;
      return probe.finish();
    }
    if (count.error().kind == sdk::ErrorKind::kNotFound) return probe.ask_members();
    report.status = HealthReport::Status::kDegraded;
    report.reason = std::string("users cannot be counted: ") + sdk::name_of(count.error().kind);
    probe.finish();
  });
}

// A server that cannot count users: those of its presence channels, as far as asking is bearable.
void HealthProbe::ask_members() {
  std::vector<std::string> channels = std::move(refresh_->presence_channels);
  if (channels.size() > kUsersCallsMax) {
    refresh_->report.connected_users_partial = true;
    channels.resize(kUsersCallsMax);
  }
  refresh_->awaited = channels.size() + 1;  // one for this function: answers may come within the calls
  for (std::string& channel : channels) {
    backend_.members(std::move(channel), [self = self_](const sdk::Result<std::vector<std::string>>& members) {
      if (*self != nullptr) (*self)->take_members(members);
    });
  }
  take_members(std::vector<std::string>());
}

void HealthProbe::take_members(const sdk::Result<std::vector<std::string>>& members) {
  HealthReport& report = refresh_->report;
  if (members.ok()) {
    refresh_->users.insert(members->begin(), members->end());
  } else {
    report.status = HealthReport::Status::kDegraded;
    report.reason = std::string("members cannot be asked: ") + sdk::name_of(members.error().kind);
    report.connected_users_partial = true;
  }
  if (--refresh_->awaited > 0) return;
  report.connected_users = refresh_->users.size();
  finish();
}

void HealthProbe::finish() {
  last_ = std::move(refresh_->report);
  refresh_.reset();
  taken_at_ = clock_.monotonic();
  has_report_ = true;
  for (const auto& waiter : std::exchange(waiters_, {})) waiter(last_);
}

}  // namespace fanfare::gateway
