// IdempotencyTable: the answers that publishes with an Idempotency-Key got, for the keys homed on one loop.
//
// A repeated key within the app's window is answered as the first was; while the first is still in progress, it waits.
// Bound: keys, bytes of the answers, and waiters; when full, the oldest key goes first, and a waiter too many is told
// kBusy.
//
// Thread: one loop: home_of(hash_of_channel(app, key)).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "core/app.h"

namespace fanfare::core {

// What the first request was answered.
struct PublishAnswer {
  int status = 200;
  std::string content_type;
  std::string body;
};

enum class IdempotencyVerdict : std::uint8_t {
  kFirst,   // go on, then call finish() or abandon()
  kRepeat,  // answer with `answer`, publish nothing
  kBusy,    // the first is in progress and too many wait already
};

class IdempotencyTable {
 public:
  using Verdict = std::function<void(IdempotencyVerdict, const PublishAnswer&)>;

  IdempotencyTable(std::size_t keys_max, std::size_t waiters_max, std::size_t bytes_max)
      : keys_max_(keys_max), waiters_max_(waiters_max), bytes_max_(bytes_max) {}

  // Calls `verdict` now, or when the first request with the key is finished.
  void begin(AppIndex app, std::string_view key, MonotonicTime now, std::chrono::seconds window, Verdict verdict);
  void finish(AppIndex app, std::string_view key, PublishAnswer answer);
  // The first request published nothing: it is forgotten, and the next in line is the first.
  void abandon(AppIndex app, std::string_view key);

  std::size_t size() const noexcept { return order_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  struct Entry {
    std::string id;
    MonotonicTime expires;
    bool finished = false;
    PublishAnswer answer;
    std::vector<Verdict> waiters;
  };
  using Order = std::list<Entry>;

  static std::string id_of(AppIndex app, std::string_view key);
  static std::size_t bytes_of(const Entry& entry) {
    return entry.id.size() + entry.answer.content_type.size() + entry.answer.body.size();
  }
  void make_room(MonotonicTime now);
  void shrink_to_bytes_max();
  void erase(Order::iterator entry);

  std::size_t keys_max_;
  std::size_t waiters_max_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  Order order_;                                                  // oldest first
  std::unordered_map<std::string_view, Order::iterator> by_id_;  // keys point into the entries
};

}  // namespace fanfare::core
