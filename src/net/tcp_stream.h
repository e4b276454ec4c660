// TcpStream: the Stream over a plain TCP (or Unix) socket.
#pragma once

#include <memory>

#include "base/slabs.h"
#include "net/io_backend.h"
#include "net/send_queue.h"
#include "net/stream.h"

namespace fanfare::net {

// Cost: an idle one is 120 bytes at most, in a slab of its loop, and has no buffers.
class TcpStream final : public Stream, public InSlab, private IoSocket {
 public:
  // `connected` is non-blocking. See EventLoop::adopt().
  TcpStream(EventLoop& loop, UniqueFd connected, const SocketAddress& peer);
  ~TcpStream() override;

  void set_handler(StreamHandler& handler) override;
  SendOutcome queue(LocalSlice slice, DropPolicy policy) override;
  SendOutcome queue_copy(ByteView bytes) override;
  DroppedFrames drop_oldest_droppable(std::size_t bytes) override;
  void close_after_flush() override;
  void abort() override;
  void pause_reading() override;
  void resume_reading() override;
  void notify_drained() override;
  std::unique_ptr<DetachedStream> detach() override;
  void set_send_limits(const SendQueueLimits& limits) override { queue_.set_limits(limits); }

  std::size_t queued_bytes() const noexcept override { return queue_.bytes(); }
  const SocketAddress& peer_address() const noexcept override { return peer_; }
  void set_peer_address(const SocketAddress& client) noexcept override { peer_ = client; }
  int fd() const noexcept override { return socket_.get(); }
  bool is_open() const noexcept override { return state_ == State::kOpen; }
  EventLoop& loop() const noexcept override { return loop_; }

 private:
  // kOpen → kClosing (sends the rest) → kLingering (waits for the peer's end; skipped when it was there first) →
  // kClosed. kAborting: the socket is closed, on_closed() is due at the end of the turn.
  enum class State : std::uint8_t { kOpen, kClosing, kLingering, kAborting, kClosed };

  void on_turn_flush() override;
  void on_received(MutableBytes bytes) override;
  void on_receive_ended(int error) override;
  void on_send_ready(std::size_t sent) override;
  std::size_t on_batch_fill(std::span<iovec> parts) override { return queue_.fill(parts); }
  void on_batch_sent(const SendResult& result) noexcept override;
  void on_batch_over(int error) override;

  SendOutcome after_queue(SendOutcome outcome, DropPolicy policy);
  void flush();
  void after_flush();
  void count_waiting(std::size_t bytes) noexcept;
  void finish(CloseReason reason);
  void release_socket() noexcept;
  void start_closing(CloseReason reason);
  void on_deadline();

  // First, where they fit into the tail of the base.
  State state_ = State::kOpen;
  CloseReason reason_ = CloseReason::kFlushed;  // what the end of an orderly close will be called
  bool peer_ended_ = false;
  EventLoop& loop_;
  StreamHandler* handler_ = nullptr;
  SendQueue queue_;
  std::unique_ptr<Timer> deadline_;  // only while closing
  UniqueFd socket_;
  SocketAddress peer_;
  std::uint32_t waiting_bytes_ = 0;  // what of our queue stands in NetStats::waiting_bytes
  bool reading_paused_ = false;
  bool send_pending_ = false;  // the backend will say when to go on: the kernel was full, or the batch is not sent yet
  bool in_callback_ = false;   // for the assertion that nobody destroys the stream from inside its own callback
};

}  // namespace fanfare::net
