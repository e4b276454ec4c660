#include "httpd/connection_table.h"

#include <utility>

#include "base/assert.h"

namespace fanfare::httpd {

ConnectionTable::ConnectionTable(Service& service) : service_(service), anchor_(new TableAnchor{this, 1}) {}

ConnectionTable::~ConnectionTable() {
  anchor_->table = nullptr;
  if (--anchor_->references == 0) delete anchor_;
}

HttpConnection& ConnectionTable::add(std::unique_ptr<net::Stream> stream) {
  std::uint32_t slot = 0;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  Slot& place = slots_[slot];
  place.connection = std::make_unique<HttpConnection>(*this, slot, std::move(stream));
  ++size_;
  service_.stats.connections_open.add(1);
  return *place.connection;
}

void ConnectionTable::remove(std::uint32_t slot) {
  Slot& place = slots_[slot];
  FANFARE_ASSERT(place.connection != nullptr);
  ++place.generation;
  free_slots_.push_back(slot);
  --size_;
  service_.stats.connections_open.add(-1);
  service_.loop.defer([gone = std::move(place.connection)] {});
}

HttpConnection* ConnectionTable::find(std::uint32_t slot, std::uint32_t generation) noexcept {
  if (slot >= slots_.size() || slots_[slot].generation != generation) return nullptr;
  return slots_[slot].connection.get();
}

}  // namespace fanfare::httpd
