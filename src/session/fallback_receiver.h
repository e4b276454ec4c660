// FallbackReceiver: one request of a client that waits for what its session has to say, and the answer to it: a poll,
// which takes one answer, or a stream. It knows how lines look for that client and how much one answer may have.
//
// State:  open → full (a stream that takes no more lines) → finished; gone once the answer is spent.
// Thread: one loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "httpd/long_answer.h"
#include "httpd/responder.h"
#include "session/fallback_answers.h"
#include "session/fallback_queue.h"
#include "sockjs/dialect.h"
#include "sockjs/session_url.h"

namespace fanfare::session {

struct ReceiverRequest {
  sockjs::Endpoint endpoint = sockjs::Endpoint::kXhr;
  bool is_pusher = true;   // of pusher-js's own transports, against SockJS
  std::string callback{};  // htmlfile, jsonp; checked already
  FallbackOrigin origin{};
};

class FallbackReceiver {
 public:
  // Nobody waits.
  FallbackReceiver() = default;
  // A stream's head and what it begins with are written at once, to go out together with its first lines.
  // `stream_bytes_max`: see FallbackOptions.
  FallbackReceiver(ReceiverRequest request, httpd::Responder responder, httpd::AnswerObserver& observer,
                   std::size_t stream_bytes_max);

  // Whether the client still waits for more.
  bool is_waiting() const noexcept { return answer_.is_outstanding() && !is_finished_; }
  // A finished answer is on its way.
  bool is_leaving() const noexcept { return answer_.is_outstanding() && is_finished_; }
  bool is_poll() const noexcept { return sockjs::is_poll(request_.endpoint); }
  // The client will ask again by itself, once it has read all that was written: until then no line may follow, since
  // it might be lost with the request that the client gives up.
  bool is_full() const noexcept { return is_full_; }

  // Writes what waits in the queue, as far as the client and its answer take it. Returns whether something was written.
  // A poll is finished by that.
  bool write(FallbackQueue& queue);
  // The body is complete.
  void finish();
  // Of what was written, how much the kernel took.
  std::uint64_t sent_bytes() const noexcept { return answer_.written_bytes() - answer_.unsent_bytes(); }
  // Ends it in favour of a newer one. What the kernel has not taken does not go out any more.
  void supersede();

 private:
  // Whether the client gives a long stream up by itself: pusher-js does.
  bool ends_by_itself() const noexcept { return request_.is_pusher && dialect_ == sockjs::Dialect::kLines; }
  http::Response head() const;
  bool write_poll(FallbackQueue& queue);
  bool write_stream(FallbackQueue& queue);
  bool write_lines(const sockjs::Lines& lines);
  void count(const sockjs::Lines& lines);

  httpd::LongAnswer answer_;
  ReceiverRequest request_;
  sockjs::Dialect dialect_ = sockjs::Dialect::kLines;
  bool is_full_ = false;
  bool is_finished_ = false;
  std::size_t stream_bytes_max_ = 0;
  std::size_t size_ = 0;  // of a stream's body: UTF-16 units for pusher-js, bytes for SockJS
};

}  // namespace fanfare::session
