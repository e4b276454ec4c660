#include "httpd/http_connection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/assert.h"
#include "httpd/connection_table.h"
#include "httpd/gzip_answer.h"
#include "httpd/http_server.h"
#include "httpd/moved_connection.h"

namespace fanfare::httpd {

namespace {

constexpr std::size_t kLargeAnswer = 256UL * 1024;

}  // namespace

HttpConnection::HttpConnection(ConnectionTable& table, std::uint32_t slot, std::unique_ptr<net::Stream> stream)
    : table_(table), stream_(std::move(stream)), slot_(slot) {
  stream_->set_handler(*this);
  stream_->set_send_limits(table_.service().options.send_queue);
  wait_for(Wait::kFirstRequest, table_.service().options.header_timeout);
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::on_bytes(MutableBytes bytes) {
  if (state_ != State::kServing) return;
  if (!may_go_on() || kept_ != nullptr) return keep_for_later(bytes);
  const std::size_t used = process(bytes);
  if (state_ == State::kServing && used < bytes.size()) keep_for_later(bytes.subspan(used));
}

void HttpConnection::on_send_drained() {
  if (long_answer_ != nullptr) on_long_answer_drained();
  if (!output_full_) return;
  output_full_ = false;
  process_later();
}

void HttpConnection::on_closed(net::CloseReason) {
  timer_.cancel();
  release_parser();
  const std::unique_ptr<LongAnswerState> lost = std::move(long_answer_);
  const std::uint64_t written = lost == nullptr ? 0 : lost->written;
  const std::uint64_t sent = written - std::min<std::uint64_t>(stream_->queued_bytes(), written);
  table_.remove(slot_);
  if (lost != nullptr && lost->observer != nullptr) lost->observer->on_answer_lost(sent);
}

std::size_t HttpConnection::process(MutableBytes input) {
  using Outcome = http::RequestParser::Outcome;
  in_process_ = true;
  MutableBytes rest = input;
  while (!rest.empty() && may_go_on()) {
    if (parser_ == nullptr) parser_ = table_.service().parsers.take();
    const http::RequestParser::Step step = parser_->feed(rest, kSpareBytes);
    rest = rest.subspan(step.consumed);
    if (step.outcome == Outcome::kComplete) {
      dispatch(rest);
    } else if (step.outcome == Outcome::kError) {
      table_.service().stats.bad_requests.add();
      answer_bad_request(parser_->error().status, parser_->error().text);
    } else {
      after_partial_request();
    }
  }
  in_process_ = false;
  if (parser_ != nullptr && (parser_->is_idle() || state_ != State::kServing)) release_parser();
  if (state_ == State::kServing && parser_ == nullptr && !answer_due_) {
    wait_for(Wait::kNextRequest, table_.service().options.idle_timeout);
  }
  return input.size() - rest.size();
}

// `unread` lies behind the request in the same memory.
void HttpConnection::dispatch(MutableBytes unread) {
  Service& service = table_.service();
  const http::Request& request = parser_->request();
  wait_ = Wait::kNothing;
  ++request_number_;
  if (service.upgrades != nullptr && request.wants_websocket()) {
    service.stats.requests.add();
    return hand_over(unread);
  }
  keep_alive_ = request.keep_alive && !service.draining;
  head_only_ = request.method == http::Method::kHead;
  takes_gzip_ = takes_gzip(request);
  version_minor_ = static_cast<std::uint8_t>(request.version_minor);
  answer_due_ = true;
  if (service.filter == nullptr || !answer_by_filter(*service.filter, request)) {
    service.router.route(request, Responder(table_.handle_of(slot_)));
  }
  if (move_ != nullptr) return leave(unread);
  service.stats.requests.add();
  parser_->reset();
}

bool HttpConnection::answer_by_filter(const RequestFilter& filter, const http::Request& request) {
  const std::optional<http::Response> answer = filter.answer(request, *stream_);
  if (answer) respond(*answer);
  return answer.has_value();
}

void HttpConnection::hand_over(MutableBytes unread) {
  Service& service = table_.service();
  service.stats.upgrades.add();
  state_ = State::kHandedOver;
  timer_.cancel();
  stream_->set_send_limits(service.loop.options().send_queue);
  if (std::exchange(reading_paused_, false)) stream_->resume_reading();
  service.upgrades->on_upgrade(parser_->request(), std::move(stream_), unread);
  release_parser();
  table_.remove(slot_);
}

void HttpConnection::move_to(LoopIndex loop, const http::Request& request) {
  FANFARE_ASSERT(answer_due_);
  if (stream_->is_open() && stream_->queued_bytes() == 0) {
    move_ = std::make_unique<Move>(Move{loop, http::request_text(request)});
    answer_due_ = false;
    return;
  }
  // What is queued here must come first, and would not: the new loop's answers do not wait for it.
  keep_alive_ = false;
  respond(table_.service().router.refusal(
      421, "Misdirected Request: it came behind another one that was not answered yet; send it over a new connection"));
}

void HttpConnection::leave(MutableBytes unread) {
  Service& service = table_.service();
  HttpServer& target = service.peer(move_->to);
  service.stats.moved_out.add();
  MovedConnection moved;
  moved.input.append(as_bytes(move_->request));
  moved.input.append(unread);
  state_ = State::kHandedOver;
  timer_.cancel();
  moved.stream = stream_->detach();
  HttpServer::post_moved(target, std::move(moved));
  release_parser();
  table_.remove(slot_);
}

void HttpConnection::start_with(SpareBuffer input) {
  kept_ = std::make_unique<SpareBuffer>(std::move(input));
  kept_used_ = 0;
  reading_paused_ = true;
  stream_->pause_reading();
  process_kept();
}

void HttpConnection::after_partial_request() {
  const HttpdOptions& options = table_.service().options;
  if (parser_->is_in_body()) {
    if (wait_ != Wait::kBody) wait_for(Wait::kBody, options.body_timeout);
    if (!parser_->take_continue()) return;
    table_.service().stats.count_answer(100);
    note_outcome(stream_->queue_copy(as_bytes(http::kContinueResponse)));
  } else if (wait_ != Wait::kHead && !parser_->is_idle()) {
    wait_for(Wait::kHead, options.header_timeout);
  }
}

void HttpConnection::respond(const http::Response& response) {
  FANFARE_ASSERT(answer_due_);
  Service& service = table_.service();
  if (std::exchange(takes_gzip_, false) && is_worth_gzip(response, service.options.gzip_bytes_min)) {
    return respond(gzip_answer(response));
  }
  if (service.draining) keep_alive_ = false;
  service.scratch.clear();
  http::append_response(service.scratch, response,
                        {.version_minor = version_minor_,
                         .keep_alive = keep_alive_,
                         .head_only = head_only_,
                         .date = service.date.at(service.loop.wall_now())});
  const net::SendOutcome outcome = stream_->queue_copy(as_bytes(service.scratch));
  const bool is_large = service.scratch.size() > kLargeAnswer;
  if (is_large) service.scratch = {};  // its memory would stay with the loop
  if (is_large && outcome == net::SendOutcome::kRefusedFull) return respond(too_large(response.body.size()));
  finish_answer(outcome, response.status);
}

http::Response HttpConnection::too_large(std::size_t bytes) const {
  return table_.service().router.refusal(
      500, "Internal Server Error: the answer has " + std::to_string(bytes) +
               " bytes, more than this connection's queue takes (http_send_queue_bytes_max = " +
               std::to_string(table_.service().options.send_queue.bytes_max) +
               "). Ask for less, for channels by filter_by_prefix, or raise that setting");
}

void HttpConnection::respond_empty_object() {
  FANFARE_ASSERT(answer_due_);
  Service& service = table_.service();
  const bool is_usual = keep_alive_ && !service.draining && !head_only_ && version_minor_ > 0;
  if (!is_usual) return respond(http::json_response("{}"));
  finish_answer(stream_->queue(service.empty_object(), net::DropPolicy::kKeep), 200);
}

void HttpConnection::finish_answer(net::SendOutcome outcome, int status) {
  table_.service().stats.count_answer(status);
  answer_due_ = false;
  note_outcome(outcome);
  go_on_after_answer();
}

void HttpConnection::go_on_after_answer() {
  if (state_ != State::kServing) return;
  if (!keep_alive_) return close_after_answer();
  if (in_process_) return;  // it goes on by itself
  if (kept_ != nullptr) return process_later();
  wait_for(Wait::kNextRequest, table_.service().options.idle_timeout);
}

void HttpConnection::note_outcome(net::SendOutcome outcome) {
  if (outcome == net::SendOutcome::kQueuedAboveHighMark) output_full_ = true;
  if (outcome != net::SendOutcome::kRefusedFull) return;
  // An answer with a part missing would be taken for a whole one.
  state_ = State::kClosing;
  stream_->abort();
}

void HttpConnection::answer_bad_request(int status, const std::string& text) {
  keep_alive_ = false;
  answer_due_ = true;
  respond(table_.service().router.refusal(status, std::string(http::reason_phrase(status)) + ": " + text));
}

// The stream reads and throws away what still comes, so that no reset overtakes the answer.
void HttpConnection::close_after_answer() {
  state_ = State::kClosing;
  timer_.cancel();
  kept_.reset();
  if (!in_process_) release_parser();
  stream_->close_after_flush();
}

void HttpConnection::drain() {
  if (state_ != State::kServing || answer_due_ || parser_ != nullptr || kept_ != nullptr) return;
  close_after_answer();
}

void HttpConnection::refuse_at_limit() {
  answer_bad_request(503, "this server has no place for another HTTP connection; try again later");
}

const net::SocketAddress& HttpConnection::peer_address() const noexcept { return stream_->peer_address(); }

void HttpConnection::keep_for_later(ByteView bytes) {
  if (kept_ == nullptr) {
    kept_ = std::make_unique<SpareBuffer>();
    kept_used_ = 0;
  }
  kept_->append(bytes);
  if (std::exchange(reading_paused_, true)) return;
  stream_->pause_reading();
}

// Behind this turn's flush: who answers is never surprised by the handler of the next request.
void HttpConnection::process_later() {
  if (std::exchange(process_is_due_, true)) return;
  table_.service().loop.defer([handle = table_.handle_of(slot_)] {
    if (HttpConnection* connection = handle.connection()) connection->process_kept();
  });
}

void HttpConnection::process_kept() {
  process_is_due_ = false;
  if (!may_go_on()) return;
  if (kept_ != nullptr) {
    std::unique_ptr<SpareBuffer> input = std::move(kept_);
    const MutableBytes rest = input->bytes().subspan(kept_used_);
    const std::size_t used = process(rest);
    if (state_ != State::kServing) return;
    if (used < rest.size()) {
      kept_used_ += static_cast<std::uint32_t>(used);
      kept_ = std::move(input);
      return;
    }
  }
  if (reading_paused_) {
    reading_paused_ = false;
    stream_->resume_reading();
  }
}

void HttpConnection::release_parser() {
  if (parser_ != nullptr) table_.service().parsers.give_back(std::move(parser_));
}

// The timer is left alone while it is early enough and looked at when it fires: a busy connection does not move it with
// every request.
void HttpConnection::wait_for(Wait wait, std::chrono::milliseconds timeout) {
  net::EventLoop& loop = table_.service().loop;
  wait_ = wait;
  deadline_ = loop.now() + timeout;
  if (timer_.is_scheduled() && timer_due_ <= deadline_) return;
  timer_due_ = deadline_;
  loop.schedule(timer_, timeout);
}

void HttpConnection::on_deadline() {
  Service& service = table_.service();
  if (state_ != State::kServing || wait_ == Wait::kNothing) return;
  if (service.loop.now() < deadline_) {
    timer_due_ = deadline_;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - service.loop.now());
    service.loop.schedule(timer_, left);
    return;
  }
  switch (wait_) {
    case Wait::kNothing:
      break;
    case Wait::kFirstRequest:
    case Wait::kNextRequest:
      service.stats.idle_timeouts.add();
      close_after_answer();
      break;
    case Wait::kHead:
      service.stats.header_timeouts.add();
      answer_bad_request(408, "the request's head took too long");
      break;
    case Wait::kBody:
      service.stats.body_timeouts.add();
      answer_bad_request(408, "the request's body took too long");
      break;
  }
}

}  // namespace fanfare::httpd
