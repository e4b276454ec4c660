#include "core/connection_quota.h"

namespace fanfare::core {

ConnectionTicket::~ConnectionTicket() {
  if (usage_ != nullptr) usage_->connections.fetch_sub(1, std::memory_order_relaxed);
}

ConnectionTicket::AddressPlace::~AddressPlace() { quota_.give_back_address(address_); }

ConnectionQuota::Outcome ConnectionQuota::take(const App& app, std::string_view address) {
  ConnectionTicket app_place;
  if (!add_app(app, app_place)) return {{}, QuotaRefusal::kApp};
  AddressOutcome counted = take_address_only(app, address);
  if (!counted.has_place) return {{}, QuotaRefusal::kAddress};
  app_place.address_ = std::move(counted.ticket.address_);
  return {std::move(app_place), QuotaRefusal::kApp};
}

ConnectionQuota::AddressOutcome ConnectionQuota::take_address_only(const App& app, std::string_view address) {
  if (app.limits.connections_per_address == 0) return {};
  std::string counted = app.id + ' ' + std::string(address);
  if (!take_address(counted, app.limits.connections_per_address)) return {{}, false};
  AddressOutcome outcome;
  outcome.ticket.address_ = std::make_unique<ConnectionTicket::AddressPlace>(*this, std::move(counted));
  return outcome;
}

bool ConnectionQuota::add_app(const App& app, ConnectionTicket& ticket) {
  std::atomic<std::uint32_t>& connections = app.usage->connections;
  const std::uint32_t most = app.limits.connections;
  // Counted first and given back if that was too many, so that two loops cannot both take the last place.
  if (connections.fetch_add(1, std::memory_order_relaxed) >= most && most != 0) {
    connections.fetch_sub(1, std::memory_order_relaxed);
    return false;
  }
  ticket.usage_ = app.usage;
  return true;
}

bool ConnectionQuota::take_address(const std::string& address, std::uint32_t most) {
  const std::lock_guard lock(mutex_);
  std::uint32_t& count = by_address_[address];
  if (count >= most) return false;
  ++count;
  return true;
}

void ConnectionQuota::give_back_address(const std::string& address) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = by_address_.find(address);
  if (found != by_address_.end() && --found->second == 0) by_address_.erase(found);
}

}  // namespace fanfare::core
