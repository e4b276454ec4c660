// DeliveryLog: what each client received of the streams that it is to receive, and what is amiss. Pure.
//
// It counts by steps, stretches of load that follow each other: what was sent in one step and comes in a later one was
// lost to the first and is nothing to the later one.
//
// A stream is the numbered events of one publisher to one room. Every room has the same number of clients and streams:
// clients [r·k, (r+1)·k) and streams [r·s, (r+1)·s) are those of room r.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/sequence_log.h"
#include "bench/stamp.h"

namespace fanfare::bench {

struct DeliveryShape {
  std::uint32_t rooms = 1;
  std::uint32_t clients = 1;  // of a room
  std::uint32_t streams = 1;  // of a room
  // Stream i of a room is sent by client i of that room, which does not receive it; else by nobody of them.
  bool clients_publish = false;
};

// Of one step.
struct DeliveryCounts {
  std::uint64_t expected = 0;  // of all events that were sent and not refused
  std::uint64_t received = 0;  // each once
  std::uint64_t lost = 0;
  // Of whatever arrived, that of earlier steps too:
  std::uint64_t doubled = 0;       // received again
  std::uint64_t reordered = 0;     // received behind a later one of the same stream
  std::uint64_t misdelivered = 0;  // received by one that should not
  std::uint64_t refused = 0;       // events that the server did not take

  bool is_clean() const noexcept { return lost + doubled + reordered + misdelivered == 0; }
};

class DeliveryLog {
 public:
  explicit DeliveryLog(const DeliveryShape& shape);

  std::uint32_t streams() const noexcept { return shape_.rooms * shape_.streams; }
  std::uint32_t room_of(std::uint32_t stream) const noexcept { return stream / shape_.streams; }
  // Of a stream that clients publish.
  std::uint32_t sender_of(std::uint32_t stream) const noexcept {
    return room_of(stream) * shape_.clients + stream % shape_.streams;
  }

  // Counts begin anew, with what is sent from now on.
  void begin_step() noexcept;

  // Takes the next number of `stream`.
  std::uint64_t next(std::uint32_t stream) noexcept { return streams_[stream].sent++; }
  // The number that the next one will have.
  std::uint64_t peek(std::uint32_t stream) const noexcept { return streams_[stream].sent; }
  // The server did not take the event of `stream` with that number: nobody is to receive it.
  void refuse(std::uint32_t stream, std::uint64_t sequence) noexcept {
    if (sequence >= streams_[stream].first) refuse_one(stream);
  }
  // The same of one whose number is not known: of this step.
  void refuse_one(std::uint32_t stream) noexcept { ++streams_[stream].refused; }

  // False: it does not count as a delivery, being a repeated or a wrong one, or one of an earlier step.
  bool record(std::uint32_t client, const Stamp& stamp);

  std::uint64_t received() const noexcept { return received_; }
  // Deliveries that are still to come if nothing is lost. Cost: linear in the streams.
  std::uint64_t expected() const noexcept;
  // Cost: linear in clients and streams.
  DeliveryCounts counts() const noexcept;

 private:
  struct Stream {
    std::uint64_t first = 0;    // number of this step
    std::uint64_t sent = 0;     // of all steps: the next number
    std::uint64_t refused = 0;  // of this step
  };

  bool is_sender(std::uint32_t client, std::uint32_t stream) const noexcept {
    return shape_.clients_publish && client == sender_of(stream);
  }

  DeliveryShape shape_;
  std::vector<SequenceLog> logs_;  // [client · streams of its room + stream in the room]
  std::vector<Stream> streams_;
  std::uint64_t received_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t reordered_ = 0;
  std::uint64_t misdelivered_ = 0;
};

}  // namespace fanfare::bench
