#include "core/idempotency_table.h"

#include <utility>

namespace fanfare::core {

std::string IdempotencyTable::id_of(AppIndex app, std::string_view key) {
  std::string id = std::to_string(app.value());
  id += ':';
  id += key;
  return id;
}

void IdempotencyTable::begin(AppIndex app, std::string_view key, MonotonicTime now, std::chrono::seconds window,
                             Verdict verdict) {
  std::string id = id_of(app, key);
  if (const auto found = by_id_.find(id); found != by_id_.end()) {
    Entry& entry = *found->second;
    if (!entry.finished) {
      if (entry.waiters.size() >= waiters_max_) return verdict(IdempotencyVerdict::kBusy, {});
      entry.waiters.push_back(std::move(verdict));
      return;
    }
    if (entry.expires > now) return verdict(IdempotencyVerdict::kRepeat, entry.answer);
    erase(found->second);
  }
  make_room(now);
  order_.push_back(Entry{std::move(id), now + window, false, {}, {}});
  by_id_.emplace(order_.back().id, std::prev(order_.end()));
  bytes_ += bytes_of(order_.back());
  verdict(IdempotencyVerdict::kFirst, {});
}

void IdempotencyTable::finish(AppIndex app, std::string_view key, PublishAnswer answer) {
  const auto found = by_id_.find(id_of(app, key));
  if (found == by_id_.end()) return;
  Entry& entry = *found->second;
  entry.finished = true;
  const std::vector<Verdict> waiters = std::exchange(entry.waiters, {});
  const PublishAnswer given = answer;  // a waiter's verdict may change the table
  bytes_ -= bytes_of(entry);
  entry.answer = std::move(answer);
  bytes_ += bytes_of(entry);
  shrink_to_bytes_max();
  for (const Verdict& waiter : waiters) waiter(IdempotencyVerdict::kRepeat, given);
}

void IdempotencyTable::abandon(AppIndex app, std::string_view key) {
  const auto found = by_id_.find(id_of(app, key));
  if (found == by_id_.end() || found->second->finished) return;
  Entry& entry = *found->second;
  if (entry.waiters.empty()) return erase(found->second);
  const Verdict next = std::move(entry.waiters.front());
  entry.waiters.erase(entry.waiters.begin());
  next(IdempotencyVerdict::kFirst, {});
}

void IdempotencyTable::make_room(MonotonicTime now) {
  // One that is in progress stays: whoever waits for it would wait for ever.
  for (auto entry = order_.begin(); entry != order_.end();) {
    const auto next = std::next(entry);
    const bool too_many = order_.size() >= keys_max_;
    if (!entry->finished) {
      if (!too_many) return;
    } else if (entry->expires <= now || too_many) {
      erase(entry);
    } else {
      return;
    }
    entry = next;
  }
}

void IdempotencyTable::shrink_to_bytes_max() {
  for (auto entry = order_.begin(); entry != order_.end() && bytes_ > bytes_max_;) {
    const auto next = std::next(entry);
    if (entry->finished) erase(entry);
    entry = next;
  }
}

void IdempotencyTable::erase(Order::iterator entry) {
  bytes_ -= bytes_of(*entry);
  by_id_.erase(entry->id);
  order_.erase(entry);
}

}  // namespace fanfare::core
