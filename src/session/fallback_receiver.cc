#include "session/fallback_receiver.h"

#include <utility>
#include <vector>

namespace fanfare::session {

namespace {

// pusher-js gives a stream up and asks for the next one when its text has more characters than this and ends with a
// whole line. Source: REF 8.5; pusher-js, core/http/http_request.ts, MAX_BUFFER_LENGTH
constexpr std::size_t kPusherStreamUnits = 256UL * 1024;
// So much of a stream may wait in the connection's own queue; the rest waits where it can be taken back.
constexpr std::size_t kWindowBytes = 64UL * 1024;
// One answer to a poll.
constexpr std::size_t kPollBytesMax = 256UL * 1024;

}  // namespace

FallbackReceiver::FallbackReceiver(ReceiverRequest request, httpd::Responder responder, httpd::AnswerObserver& observer,
                                   std::size_t stream_bytes_max)
    : answer_(responder.respond_long(observer)),
      request_(std::move(request)),
      dialect_(sockjs::dialect_of(request_.endpoint)),
      stream_bytes_max_(stream_bytes_max) {
  if (is_poll()) return;
  answer_.begin(head());
  if (dialect_ == sockjs::Dialect::kLines) {
    (void)write_lines(sockjs::prelude());
    count(sockjs::prelude());
    return;
  }
  std::string begin;
  sockjs::append_begin(begin, dialect_, request_.callback);
  (void)answer_.write_copy(begin);
}

http::Response FallbackReceiver::head() const {
  http::Response response = fallback_answer(200, sockjs::content_type_of(dialect_), {}, request_.origin);
  response.headers.push_back({"X-Accel-Buffering", "no"});  // nginx hands on what it gets
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  return response;
}

bool FallbackReceiver::write(FallbackQueue& queue) {
  if (!is_waiting() || !queue.has_waiting()) return false;
  return is_poll() ? write_poll(queue) : write_stream(queue);
}

bool FallbackReceiver::write_poll(FallbackQueue& queue) {
  if (dialect_ == sockjs::Dialect::kJsonp) {
    std::string script;
    sockjs::append_wrapped(script, dialect_, queue.next()->text(), request_.callback);
    answer_.begin(head(), script.size());
    if (!answer_.write_copy(script)) return false;
    queue.hand_over(answer_.written_bytes());
  } else {
    FallbackQueue::Share share = queue.waiting_share(kPollBytesMax);
    answer_.begin(head(), share.bytes);
    for (const sockjs::Lines* next = queue.next(); next != nullptr && share.entries > 0; next = queue.next()) {
      if (!answer_.write(next->bare())) return false;
      queue.hand_over(answer_.written_bytes());
      --share.entries;
    }
  }
  finish();
  return true;
}

bool FallbackReceiver::write_stream(FallbackQueue& queue) {
  bool has_written = false;
  while (const sockjs::Lines* next = queue.next()) {
    if (is_full_ || answer_.unsent_bytes() >= kWindowBytes || !write_lines(*next)) break;
    count(*next);
    queue.hand_over(answer_.written_bytes());
    has_written = true;
  }
  // A client of SockJS asks for the next stream when this one ends, one of pusher-js takes the end for a failure.
  if (is_full_ && !ends_by_itself()) finish();
  return has_written;
}

bool FallbackReceiver::write_lines(const sockjs::Lines& lines) {
  if (dialect_ == sockjs::Dialect::kLines) return answer_.write(answer_.is_chunked() ? lines.chunk : lines.bare());
  std::string wrapped;
  sockjs::append_wrapped(wrapped, dialect_, lines.text(), request_.callback);
  return answer_.write_copy(wrapped);
}

void FallbackReceiver::count(const sockjs::Lines& lines) {
  size_ += ends_by_itself() ? lines.utf16_units : lines.size();
  is_full_ = size_ > (ends_by_itself() ? kPusherStreamUnits : stream_bytes_max_);
}

void FallbackReceiver::finish() {
  if (std::exchange(is_finished_, true)) return;
  answer_.finish();
}

void FallbackReceiver::supersede() {
  const bool has_sent_all = answer_.unsent_bytes() == 0;
  if (is_waiting() && !is_poll() && has_sent_all) {
    finish();
  } else if (is_waiting() || !has_sent_all) {
    answer_.cut();  // whoever reads it still must not take a part for the whole
  }
  answer_ = httpd::LongAnswer();
}

}  // namespace fanfare::session
