// LongAnswer: an answer that goes on for a while: its head and body are written bit by bit, as they come to be.
//
// Like a Responder it names its connection by slot and generation, so that it may outlive it. While it is outstanding,
// what the client sends behind the request waits, and then reading pauses: the unread bytes are bounded.
//
// State:  waiting (nothing is sent) → begun → finished (the rest is on its way) → spent; or lost, from any of them.
// Thread: the loop of its connection, its destruction included.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/local_bytes.h"
#include "http/response.h"
#include "httpd/connection_handle.h"

namespace fanfare::httpd {

// Who writes a LongAnswer.
class AnswerObserver {
 public:
  // All that was written is with the kernel. Follows each write(), or several together, at the end of the turn at the
  // earliest; behind finish() it is the last call, and the LongAnswer is spent.
  virtual void on_answer_drained() = 0;
  // The client has gone. Of what was written, the kernel had taken the first `sent_bytes`. The LongAnswer is spent.
  virtual void on_answer_lost(std::uint64_t sent_bytes) = 0;

 protected:
  ~AnswerObserver() = default;
};

class [[nodiscard]] LongAnswer {
 public:
  LongAnswer() = default;  // spent
  LongAnswer(ConnectionHandle connection, std::uint32_t number) noexcept
      : connection_(std::move(connection)), number_(number) {}
  LongAnswer(LongAnswer&&) noexcept = default;
  LongAnswer& operator=(LongAnswer&& other) noexcept;  // drops what it held
  // One that is not finished cuts its connection, so that no client takes a part for the whole. No call of the observer
  // follows.
  ~LongAnswer() { drop(false); }

  // Neither spent nor lost.
  bool is_outstanding() const noexcept { return connection() != nullptr; }

  // Sends the head. With a `length` the body has exactly so many bytes; without it, it is sent in chunks, or to a
  // client of HTTP/1.0 up to the connection's end. REQUIRES: it waits.
  void begin(const http::Response& head, std::optional<std::size_t> length = std::nullopt);
  // Whether each bit of the body needs its chunk's framing.
  bool is_chunked() const noexcept;
  // Bytes as they are on the wire: where the body is chunked, whole chunks. False: the answer is lost, which is told
  // soon; nothing was taken. REQUIRES: it has begun and is not finished. What waits for the client is for the caller to
  // bound, by unsent_bytes().
  bool write(const LocalSlice& wire_bytes);
  // The same for bytes of this client only; the framing is made around them. `body` is not empty.
  bool write_copy(std::string_view body);
  // The body is complete.
  void finish();

  // Resets the connection at once. No call of the observer follows, and the LongAnswer is spent.
  void cut();

  // Of the head and the body, framing and all.
  std::uint64_t written_bytes() const noexcept;
  std::uint64_t unsent_bytes() const noexcept;

 private:
  // Null: spent or lost.
  HttpConnection* connection() const noexcept;
  void drop(bool must_cut) noexcept;

  std::optional<ConnectionHandle> connection_;
  std::uint32_t number_ = 0;  // of the request on its connection
};

}  // namespace fanfare::httpd
