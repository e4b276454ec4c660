// HttpConnection: one client's connection, from its accepting to its close or its upgrade.
//
// One request at a time: while its answer is outstanding, what the client sends behind it waits, and then reading
// pauses. So answers keep the order of the requests. An idle connection holds no parser and no bytes.
//
// State:  serving → closing (the last answer is queued) → gone; or serving → handed over.
// Thread: its loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/spare_buffer.h"
#include "base/strong_id.h"
#include "http/request_parser.h"
#include "http/response.h"
#include "httpd/long_answer.h"
#include "httpd/service.h"
#include "net/stream.h"
#include "net/timer_wheel.h"

namespace fanfare::httpd {

class ConnectionTable;

class HttpConnection final : private net::StreamHandler {
 public:
  HttpConnection(ConnectionTable& table, std::uint32_t slot, std::unique_ptr<net::Stream> stream);
  ~HttpConnection();
  HttpConnection(const HttpConnection&) = delete;
  HttpConnection& operator=(const HttpConnection&) = delete;

  // Bytes that a layer below received before this connection was made. The last step of making it.
  void start(MutableBytes unread) { on_bytes(unread); }

  // Answers the request that is outstanding, and goes on with the next one at the end of the turn.
  // REQUIRES: is_answer_due().
  void respond(const http::Response& response);
  void respond_empty_object();
  bool is_answer_due() const noexcept { return answer_due_; }

  // --- For LongAnswer.
  struct LongAnswerState {
    AnswerObserver* observer;  // null: nobody follows any more
    std::uint64_t written = 0;
    http::BodyEnd::Kind end = http::BodyEnd::Kind::kChunked;
    bool is_finished = false;
  };
  // The outstanding request is answered bit by bit. REQUIRES: is_answer_due().
  LongAnswer start_long_answer(AnswerObserver& observer);
  void begin_long_answer(const http::Response& head, std::optional<std::size_t> length);
  bool write_long_answer(const LocalSlice& wire_bytes);
  void finish_long_answer();
  void drop_long_answer(bool must_cut);
  const LongAnswerState* long_answer() const noexcept { return long_answer_.get(); }
  std::uint64_t unsent_of_long_answer() const noexcept;
  std::uint32_t request_number() const noexcept { return request_number_; }

  // Hands the connection to the server of another loop, which answers the outstanding request; or answers 421 and
  // closes, where an answer is still on its way to the client.
  // REQUIRES: inside the handler's call for `request`; `loop` has a server that is another one.
  void move_to(LoopIndex loop, const http::Request& request);
  // The first bytes of a connection that came from another loop.
  void start_with(SpareBuffer input);

  // Closes when it is idle; else behind the next answer.
  void drain();
  // Answers 503 without having read anything, and closes.
  void refuse_at_limit();

  const net::SocketAddress& peer_address() const noexcept;
  net::Security security() const noexcept { return stream_->security(); }

 private:
  enum class State : std::uint8_t { kServing, kClosing, kHandedOver };
  // What the deadline is about.
  enum class Wait : std::uint8_t { kNothing, kFirstRequest, kHead, kBody, kNextRequest };

  struct Move {
    LoopIndex to;
    std::string request;
  };

  // net::StreamHandler
  void on_bytes(MutableBytes bytes) override;
  void on_send_drained() override;
  void on_closed(net::CloseReason reason) override;

  // Works until the input is used up, an answer is outstanding, the client reads too slowly, or this is over.
  // Returns how much it used.
  std::size_t process(MutableBytes input);
  bool may_go_on() const noexcept { return state_ == State::kServing && !answer_due_ && !output_full_; }
  void dispatch(MutableBytes unread);
  bool answer_by_filter(const RequestFilter& filter, const http::Request& request);
  void hand_over(MutableBytes unread);
  void leave(MutableBytes unread);
  void after_partial_request();
  void answer_bad_request(int status, const std::string& text);
  http::Response too_large(std::size_t bytes) const;
  void finish_answer(net::SendOutcome outcome, int status);
  void go_on_after_answer();
  void on_long_answer_drained();
  void note_outcome(net::SendOutcome outcome);
  void close_after_answer();
  void keep_for_later(ByteView bytes);
  void process_later();
  void process_kept();
  void release_parser();

  void wait_for(Wait wait, std::chrono::milliseconds timeout);
  void on_deadline();

  ConnectionTable& table_;
  std::unique_ptr<net::Stream> stream_;
  std::unique_ptr<http::RequestParser> parser_;   // null between requests
  std::unique_ptr<SpareBuffer> kept_;             // input that waits; null: none
  std::unique_ptr<LongAnswerState> long_answer_;  // null: none is outstanding
  std::unique_ptr<Move> move_;                    // set by the handler of the request that is being dispatched
  MonotonicTime deadline_;                        // of wait_
  MonotonicTime timer_due_;                       // when the timer fires, at the latest at the deadline
  net::TimerOf<HttpConnection, &HttpConnection::on_deadline> timer_{*this};
  const std::uint32_t slot_;
  std::uint32_t kept_used_ = 0;  // of kept_
  std::uint32_t request_number_ = 0;
  State state_ = State::kServing;
  Wait wait_ = Wait::kNothing;
  bool answer_due_ = false;
  bool output_full_ = false;
  bool in_process_ = false;
  bool process_is_due_ = false;  // deferred
  bool reading_paused_ = false;
  // Of the request that is outstanding.
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool takes_gzip_ = false;
  std::uint8_t version_minor_ = 1;
};

}  // namespace fanfare::httpd
