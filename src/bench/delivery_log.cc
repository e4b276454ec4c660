#include "bench/delivery_log.h"

#include <algorithm>

namespace fanfare::bench {

DeliveryCounts operator-(const DeliveryCounts& now, const DeliveryCounts& before) noexcept {
  return {.expected = now.expected - before.expected,
          .received = now.received - before.received,
          .lost = now.lost - std::min(now.lost, before.lost),  // what was late before has arrived meanwhile
          .doubled = now.doubled - before.doubled,
          .reordered = now.reordered - before.reordered,
          .misdelivered = now.misdelivered - before.misdelivered,
          .refused = now.refused - before.refused};
}

DeliveryLog::DeliveryLog(const DeliveryShape& shape)
    : shape_(shape),
      logs_(std::size_t{shape.rooms} * shape.clients * shape.streams),
      sent_(std::size_t{shape.rooms} * shape.streams),
      refused_(sent_.size()) {}

bool DeliveryLog::record(std::uint32_t client, const Stamp& stamp) {
  const std::uint32_t stream = stamp.stream;
  if (stream >= sent_.size() || stamp.sequence >= sent_[stream] || client / shape_.clients != room_of(stream) ||
      is_sender(client, stream)) {
    ++misdelivered_;
    return false;
  }
  SequenceLog& log = logs_[std::size_t{client} * shape_.streams + stream % shape_.streams];
  const SequenceLog::Arrival arrival = log.record(stamp.sequence);
  if (arrival == SequenceLog::Arrival::kDoubled) {
    ++doubled_;
    return false;
  }
  if (arrival == SequenceLog::Arrival::kReordered) ++reordered_;
  ++received_;
  return true;
}

std::uint64_t DeliveryLog::expected() const noexcept {
  const std::uint64_t receivers = shape_.clients - (shape_.clients_publish ? 1 : 0);
  std::uint64_t events = 0;
  for (std::size_t i = 0; i < sent_.size(); ++i) events += sent_[i] - refused_[i];
  return events * receivers;
}

DeliveryCounts DeliveryLog::counts() const noexcept {
  DeliveryCounts counts{.expected = expected(),
                        .received = received_,
                        .doubled = doubled_,
                        .reordered = reordered_,
                        .misdelivered = misdelivered_};
  for (const std::uint64_t refused : refused_) counts.refused += refused;
  for (std::uint32_t client = 0; client < shape_.rooms * shape_.clients; ++client) {
    for (std::uint32_t i = 0; i < shape_.streams; ++i) {
      const std::uint32_t stream = client / shape_.clients * shape_.streams + i;
      if (is_sender(client, stream)) continue;
      const std::uint64_t lost = logs_[std::size_t{client} * shape_.streams + i].lost(sent_[stream]);
      counts.lost += lost - std::min(lost, refused_[stream]);
    }
  }
  return counts;
}

}  // namespace fanfare::bench
