#include "bench/delivery_log.h"

#include <algorithm>

namespace fanfare::bench {

DeliveryLog::DeliveryLog(const DeliveryShape& shape)
    : shape_(shape),
      logs_(std::size_t{shape.rooms} * shape.clients * shape.streams),
      streams_(std::size_t{shape.rooms} * shape.streams) {}

void DeliveryLog::begin_step() noexcept {
  for (Stream& stream : streams_) {
    stream.first = stream.sent;
    stream.refused = 0;
  }
  received_ = doubled_ = reordered_ = misdelivered_ = 0;
}

bool DeliveryLog::record(std::uint32_t client, const Stamp& stamp) {
  const std::uint32_t stream = stamp.stream;
  if (stream >= streams_.size() || stamp.sequence >= streams_[stream].sent ||
      client / shape_.clients != room_of(stream) || is_sender(client, stream)) {
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
  if (stamp.sequence < streams_[stream].first) return false;
  ++received_;
  return true;
}

std::uint64_t DeliveryLog::expected() const noexcept {
  const std::uint64_t receivers = shape_.clients - (shape_.clients_publish ? 1 : 0);
  std::uint64_t events = 0;
  for (const Stream& stream : streams_) events += stream.sent - stream.first - stream.refused;
  return events * receivers;
}

DeliveryCounts DeliveryLog::counts() const noexcept {
  DeliveryCounts counts{.expected = expected(),
                        .received = received_,
                        .doubled = doubled_,
                        .reordered = reordered_,
                        .misdelivered = misdelivered_};
  for (const Stream& stream : streams_) counts.refused += stream.refused;
  for (std::uint32_t client = 0; client < shape_.rooms * shape_.clients; ++client) {
    for (std::uint32_t i = 0; i < shape_.streams; ++i) {
      const std::uint32_t number = client / shape_.clients * shape_.streams + i;
      if (is_sender(client, number)) continue;
      const Stream& stream = streams_[number];
      const std::uint64_t lost = logs_[std::size_t{client} * shape_.streams + i].lost(stream.first, stream.sent);
      counts.lost += lost - std::min(lost, stream.refused);
    }
  }
  return counts;
}

}  // namespace fanfare::bench
