// Stream: a connected byte stream of one loop (TCP, or TLS over it), and StreamHandler: who reads it.
//
// Thread: its loop; every call comes from it (checked in debug builds).
// Owns:   the descriptor. Whoever holds the unique_ptr owns the stream; the handler is only referred to.
// Order:  bytes leave in the order of the queue() calls; nothing is written before the end of the turn, when all that a
//         stream was given in the turn goes out in one gather write. On a busy loop droppable slices may wait longer,
//         see EventLoop.
//
// Callbacks never nest: no verb below calls the handler before it returns. Inside a callback of a stream, that stream
// and its handler must not be destroyed: hand them to EventLoop::defer(). Other streams may be destroyed at any time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"
#include "base/local_bytes.h"
#include "net/event_loop.h"
#include "net/send_queue_limits.h"
#include "net/socket_address.h"

namespace fanfare::net {

enum class SendOutcome : std::uint8_t {
  kQueued,
  kQueuedAboveHighMark,  // queued; on_send_drained() follows when the queue is down at the low mark
  kRefusedFull,          // nothing was queued; on_send_drained() follows likewise
  kRefusedClosed,        // nothing was queued: the stream is closing or closed
};

// Whether drop_oldest_droppable() may take an entry out again, and whether a busy loop may let it wait for more.
enum class DropPolicy : std::uint8_t { kKeep, kDroppable };

enum class CloseReason : std::uint8_t {
  kPeerClosed,  // the peer sent its end
  kPeerReset,   // the connection broke: reset, timed out by the kernel, write error
  kFlushed,     // after close_after_flush(): everything was sent and the peer closed too
  kTimedOut,    // after close_after_flush(): the linger deadline passed first
  kAborted,     // after abort()
};

// "peer_closed", "peer_reset", … for logs and metrics.
const char* close_reason_name(CloseReason reason) noexcept;

class StreamHandler {
 public:
  // `bytes` are never empty and valid during the call only. They may be written in place, and 64 more bytes of the same
  // memory lie behind them, with any content, for parsers that read beyond the end.
  virtual void on_bytes(MutableBytes bytes) = 0;
  // The queue was above its high mark, or full, and is now at or below the low mark.
  virtual void on_send_drained() {}
  // The last callback, exactly once, unless the stream is destroyed before. The descriptor is closed already.
  virtual void on_closed(CloseReason reason) = 0;

 protected:
  ~StreamHandler() = default;
};

// What protects the bytes between us and the peer of this connection.
enum class Security : std::uint8_t {
  kNone,
  kTls,
  kTlsWithClientCertificate,  // one that an authority of ours signed
};

struct DroppedFrames {
  std::size_t frames = 0;  // queue() calls whose bytes were taken out
  std::size_t bytes = 0;
};

class Stream;

// A connection on its way from one loop to another: all of it, with what the kernel has received and nobody has read.
// Destroyed without attach(), it is closed.
// Thread: none of its own; one at a time.
class DetachedStream {
 public:
  DetachedStream() = default;
  DetachedStream(const DetachedStream&) = delete;
  DetachedStream& operator=(const DetachedStream&) = delete;
  virtual ~DetachedStream() = default;

  // The connection as a stream of `loop`; once, on the loop's thread. Nothing is read before Stream::set_handler().
  virtual std::unique_ptr<Stream> attach(EventLoop& loop) = 0;
};

class Stream : public TurnFlush {
 public:
  // Directs all further callbacks to `handler`, which must outlive the stream or be replaced. The first call starts the
  // reading and comes before every other verb but abort(). Inside on_bytes() the old handler passes the rest of its
  // bytes on by itself.
  virtual void set_handler(StreamHandler& handler) = 0;

  // Queues a slice; it is sent at the end of the turn, or a droppable one on a busy loop within the flush delay. An
  // empty slice is kQueued and nothing else. Cost: no allocation for the first entry, or when the slice follows the
  // last one in the same chunk.
  virtual SendOutcome queue(LocalSlice slice, DropPolicy policy) = 0;
  // The same for bytes of this connection only, never droppable.
  virtual SendOutcome queue_copy(ByteView bytes) = 0;
  // Makes room for `bytes` by taking out droppable entries, oldest first: never one of which a byte was sent.
  // May free less, down to nothing.
  virtual DroppedFrames drop_oldest_droppable(std::size_t bytes) = 0;

  // Sends what is queued, then closes our side and waits for the peer's, at most `NetOptions::linger_timeout` in all.
  // From now on input is discarded and queue() refuses. on_closed(kFlushed or kTimedOut) follows. Repeating it does
  // nothing.
  virtual void close_after_flush() = 0;
  // Resets the connection at once; what is queued is lost. on_closed(kAborted) follows at the end of the turn.
  virtual void abort() = 0;

  // While paused no on_bytes() comes and the kernel slows the peer down; a reset is still noticed.
  virtual void pause_reading() = 0;
  virtual void resume_reading() = 0;

  // Asks for one on_send_drained(), as if the queue had passed its high mark: it comes when the queue is at or below
  // the low mark, at the end of this turn at the earliest.
  virtual void notify_drained() = 0;

  // Takes the connection off this loop. No callback comes any more, and only the destructor may be called.
  // REQUIRES: is_open(), and nothing is queued. May be called inside on_bytes(), whose handler keeps what it was given.
  virtual std::unique_ptr<DetachedStream> detach() = 0;

  // Other limits than those of NetOptions; they must outlive the stream.
  virtual void set_send_limits(const SendQueueLimits& limits) = 0;

  // Inside on_closed(): what the kernel has not taken. Afterwards 0.
  virtual std::size_t queued_bytes() const noexcept = 0;
  // Who is at the other end, or, once a trusted proxy has told, the client behind it.
  virtual const SocketAddress& peer_address() const noexcept = 0;
  virtual void set_peer_address(const SocketAddress& client) noexcept = 0;
  virtual Security security() const noexcept { return Security::kNone; }
  virtual int fd() const noexcept = 0;        // −1 once closed
  virtual bool is_open() const noexcept = 0;  // neither closing nor closed: queue() is not kRefusedClosed
  virtual EventLoop& loop() const noexcept = 0;
};

}  // namespace fanfare::net
