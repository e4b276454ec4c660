// TlsStream: the Stream of a TLS connection whose handshake is done, over the stream of its socket.
//
// What was queued in a turn is encrypted at its end in as few records as it fits, and goes out in one write. Only one
// batch at a time is encrypted: what a slow client has not taken waits as the shared, unencrypted frames that it was
// queued as, within the same limits, and may still be dropped.
//
// Thread: its loop.
// Owns:   the stream below and the engine. The two are all that TLS knows of the connection between two turns.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "net/send_queue.h"
#include "net/stream.h"
#include "tls/tls_engine.h"
#include "tls/tls_stats.h"

namespace fanfare::tls {

// Of the stream below, from its first byte on: it gets one batch when it has sent the one before, so every queue() is
// "above the high mark" and it tells when it is empty.
inline constexpr net::SendQueueLimits kEncryptedLimits{
    .bytes_max = 0xFFFF'FFFF, .entries_max = 4096, .high_mark = 0, .low_mark = 0};

class TlsStream final : public net::Stream, private net::StreamHandler {
 public:
  // What is encrypted at once: four records.
  static constexpr std::size_t kBatchBytes = 4 * TlsEngine::kRecordBytesMax;

  // `below` is being read, perhaps paused, and has kEncryptedLimits; `engine` is established and has no input. Nothing
  // is read before set_handler(). `stats` outlives the stream.
  TlsStream(std::unique_ptr<net::Stream> below, std::unique_ptr<TlsEngine> engine, const TlsStatsOfLoops& stats);
  ~TlsStream() override;

  // The peer had said already, behind its handshake, that nothing more will come.
  void end_by_peer();

  void set_handler(net::StreamHandler& handler) override;
  net::SendOutcome queue(LocalSlice slice, net::DropPolicy policy) override;
  net::SendOutcome queue_copy(ByteView bytes) override;
  net::DroppedFrames drop_oldest_droppable(std::size_t bytes) override;
  void close_after_flush() override;
  void abort() override;
  void pause_reading() override;
  void resume_reading() override;
  void notify_drained() override;
  std::unique_ptr<net::DetachedStream> detach() override;
  void set_send_limits(const net::SendQueueLimits& limits) override { queue_.set_limits(limits); }

  // What is encrypted already included, at its larger size.
  std::size_t queued_bytes() const noexcept override { return queue_.bytes() + below_->queued_bytes(); }
  const net::SocketAddress& peer_address() const noexcept override { return below_->peer_address(); }
  void set_peer_address(const net::SocketAddress& client) noexcept override { below_->set_peer_address(client); }
  net::Security security() const noexcept override { return security_; }
  int fd() const noexcept override { return below_->fd(); }
  bool is_open() const noexcept override { return state_ == State::kOpen; }
  net::EventLoop& loop() const noexcept override { return below_->loop(); }

 private:
  // kOpen → kClosing (encrypts and sends the rest) → kEnding (our close_notify is queued, the stream below closes) →
  // kClosed. detach() leads to kClosed at once.
  enum class State : std::uint8_t { kOpen, kClosing, kEnding, kClosed };

  void on_turn_flush() override;

  // net::StreamHandler, of the stream below
  void on_bytes(MutableBytes bytes) override;
  void on_send_drained() override;
  void on_closed(net::CloseReason reason) override;

  bool is_sending() const noexcept { return state_ == State::kOpen || state_ == State::kClosing; }
  net::SendOutcome after_queue(net::SendOutcome outcome, net::DropPolicy policy);
  void decrypt();
  void keep_input();
  void send_own(std::string& records);
  void start_closing(net::CloseReason reason);
  void on_deadline();
  void fail();
  void encrypt(std::size_t bytes_max);
  friend class DetachedTlsStream;
  void pump();
  void end();
  void count_waiting() noexcept;
  TlsStats& stats() const noexcept { return *stats_of_loops_[loop().index().value()]; }

  std::unique_ptr<net::Stream> below_;
  std::unique_ptr<TlsEngine> engine_;
  const TlsStatsOfLoops& stats_of_loops_;
  net::StreamHandler* handler_ = nullptr;
  net::SendQueue queue_;                             // not encrypted yet
  std::unique_ptr<std::vector<std::uint8_t>> kept_;  // received while reading is paused, encrypted
  std::unique_ptr<net::Timer> deadline_;             // only while closing
  std::uint32_t waiting_bytes_ = 0;                  // what of our queue stands in NetStats::waiting_bytes
  State state_ = State::kOpen;
  net::CloseReason reason_ = net::CloseReason::kFlushed;  // what the end of an orderly close will be called
  const net::Security security_;
  bool reading_paused_ = false;
  bool pumping_ = false;
};

}  // namespace fanfare::tls
