// The part of HttpConnection that long answers are about.
#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "httpd/connection_table.h"
#include "httpd/http_connection.h"

namespace fanfare::httpd {

LongAnswer HttpConnection::start_long_answer(AnswerObserver& observer) {
  FANFARE_ASSERT(answer_due_ && long_answer_ == nullptr);
  long_answer_ = std::make_unique<LongAnswerState>(LongAnswerState{.observer = &observer});
  return {table_.handle_of(slot_), request_number_};
}

void HttpConnection::begin_long_answer(const http::Response& head, std::optional<std::size_t> length) {
  FANFARE_ASSERT(long_answer_ != nullptr && long_answer_->written == 0);
  Service& service = table_.service();
  http::BodyEnd end{.kind = http::BodyEnd::Kind::kChunked, .length = length.value_or(0)};
  if (length) {
    end.kind = http::BodyEnd::Kind::kLength;
  } else if (version_minor_ == 0) {
    end.kind = http::BodyEnd::Kind::kClose;
  }
  if (service.draining || end.kind == http::BodyEnd::Kind::kClose) keep_alive_ = false;
  long_answer_->end = end.kind;
  stream_->set_send_limits(service.long_answer_limits);
  service.scratch.clear();
  http::append_response_head(
      service.scratch, head,
      {.version_minor = version_minor_, .keep_alive = keep_alive_, .date = service.date.at(service.loop.wall_now())},
      end);
  service.stats.count_answer(head.status);
  (void)write_long_answer(LocalSlice::copy_of(as_bytes(service.scratch)));
}

bool HttpConnection::write_long_answer(const LocalSlice& wire_bytes) {
  FANFARE_ASSERT(long_answer_ != nullptr && !long_answer_->is_finished);
  const net::SendOutcome outcome = stream_->queue(wire_bytes, net::DropPolicy::kKeep);
  note_outcome(outcome);
  if (outcome == net::SendOutcome::kRefusedFull || outcome == net::SendOutcome::kRefusedClosed) return false;
  long_answer_->written += wire_bytes.size();
  stream_->notify_drained();
  return true;
}

void HttpConnection::finish_long_answer() {
  FANFARE_ASSERT(long_answer_ != nullptr && long_answer_->written != 0);
  if (long_answer_->end == http::BodyEnd::Kind::kChunked) {
    (void)write_long_answer(LocalSlice::copy_of(as_bytes(http::kLastChunk)));
  }
  long_answer_->is_finished = true;
  stream_->notify_drained();
}

// Nobody writes it any more.
void HttpConnection::drop_long_answer(bool must_cut) {
  FANFARE_ASSERT(long_answer_ != nullptr);
  long_answer_->observer = nullptr;
  if (long_answer_->is_finished && !must_cut) return;
  state_ = State::kClosing;
  stream_->abort();
}

void HttpConnection::on_long_answer_drained() {
  AnswerObserver* const observer = long_answer_->observer;
  if (long_answer_->is_finished) {
    long_answer_.reset();
    answer_due_ = false;
    if (table_.service().draining) keep_alive_ = false;
    stream_->set_send_limits(table_.service().options.send_queue);
    go_on_after_answer();
  }
  if (observer != nullptr) observer->on_answer_drained();
}

std::uint64_t HttpConnection::unsent_of_long_answer() const noexcept {
  return std::min<std::uint64_t>(stream_->queued_bytes(), long_answer_->written);
}

}  // namespace fanfare::httpd
