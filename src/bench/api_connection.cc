#include "bench/api_connection.h"

#include <cerrno>
#include <charconv>
#include <utility>

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "http/chunked_decoder.h"
#include "net/connect.h"
#include "ws/header_list.h"

namespace fanfare::bench {

namespace {

constexpr std::size_t kAnswerBytesMax = kMiB;
constexpr int kOk = 200;

// The value of a header; `name` is in lower case, with the colon. Empty: it is absent.
std::string_view header_in(std::string_view head, std::string_view name) {
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    const std::string_view rest = head.substr(line + 2);
    if (!ws::equals_ignoring_case(rest.substr(0, name.size()), name)) continue;
    return ws::trim(rest.substr(name.size(), rest.find("\r\n") - name.size()));
  }
  return {};
}

// Negative: there is none.
std::int64_t content_length(std::string_view head) {
  const std::string_view value = header_in(head, "content-length:");
  std::int64_t length = -1;
  std::from_chars(value.data(), value.data() + value.size(), length);
  return length;
}

bool says_close(std::string_view head) { return ws::has_token(header_in(head, "connection:"), "close"); }

// `head` is the front of `received`, without the empty line.
ApiAnswer chunked_answer(std::string_view received, std::string_view head, int status) {
  using Outcome = http::ChunkedDecoder::Outcome;
  http::ChunkedDecoder decoder;
  decoder.begin(kAnswerBytesMax);
  std::size_t bytes = head.size() + 2;
  for (;;) {
    const http::ChunkedDecoder::Step step = decoder.next(as_bytes(received.substr(bytes)));
    bytes += step.consumed;
    if (step.outcome == Outcome::kEnd) return {.status = status, .bytes = bytes, .closes = says_close(head)};
    if (step.outcome == Outcome::kNeedsMore) return {};
    if (step.outcome != Outcome::kData) return {.status = 0, .bytes = received.size()};
  }
}

}  // namespace

ApiAnswer read_answer(std::string_view received) {
  constexpr std::size_t kStatusAt = 9;  // "HTTP/1.1 200 OK"
  const std::size_t head_end = received.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return {};
  const std::string_view head = received.substr(0, head_end + 2);
  const std::int64_t length = content_length(head);
  int status = 0;
  if (received.size() > kStatusAt + 3) {
    std::from_chars(received.data() + kStatusAt, received.data() + kStatusAt + 3, status);
  }
  if (ws::has_token(header_in(head, "transfer-encoding:"), "chunked")) return chunked_answer(received, head, status);
  constexpr int kNoContent = 204;
  if (length < 0 && status != kNoContent) return {.status = 0, .bytes = received.size()};
  const std::size_t bytes = head_end + 4 + static_cast<std::size_t>(std::max<std::int64_t>(length, 0));
  if (bytes > received.size()) return {};
  return {.status = status, .bytes = bytes, .closes = says_close(head)};
}

Status ApiConnection::connect_blocking() {
  auto connected = net::connect_blocking(target_.address);
  if (!connected.ok()) return connected.error();
  socket_ = *std::move(connected);
  ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
  loop_.add(socket_.get(), EPOLLIN, *this);
  return {};
}

void ApiConnection::send(std::string_view request) {
  FANFARE_ASSERT(is_idle());
  is_waiting_ = true;
  const ssize_t sent = ::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(request.size())) return;
  if (sent < 0 && errno != EAGAIN) return;  // receive() will tell
  unsent_ = request.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent));
  loop_.change(socket_.get(), EPOLLIN | EPOLLOUT, *this);
}

void ApiConnection::on_ready(std::uint32_t events) {
  if (!socket_) return;
  if ((events & EPOLLOUT) != 0) flush();
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive();
}

void ApiConnection::flush() {
  const ssize_t sent = ::send(socket_.get(), unsent_.data(), unsent_.size(), MSG_NOSIGNAL);
  if (sent > 0) unsent_.erase(0, static_cast<std::size_t>(sent));
  if (unsent_.empty()) loop_.change(socket_.get(), EPOLLIN, *this);
}

void ApiConnection::receive() {
  const MutableBytes buffer = loop_.buffer();
  const ssize_t count = ::recv(socket_.get(), buffer.data(), kAnswerBytesMax, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return on_lost();
  received_ += as_text(buffer.first(static_cast<std::size_t>(count)));
  const ApiAnswer answer = read_answer(received_);
  if (answer.bytes == 0 && received_.size() <= kAnswerBytesMax) return;
  if (answer.status == 0) return on_lost();
  if (answer.status != kOk) last_refusal_ = received_.substr(0, answer.bytes);
  received_.erase(0, answer.bytes);
  if (answer.closes) reconnect();
  if (std::exchange(is_waiting_, false)) handler_.on_answer(*this, answer.status, PollLoop::now());
}

void ApiConnection::on_lost() {
  last_refusal_ = received_.empty() ? "the server ended the connection without an answer" : received_;
  reconnect();
  if (std::exchange(is_waiting_, false)) handler_.on_answer(*this, 0, PollLoop::now());
}

void ApiConnection::reconnect() {
  ++reconnects_;
  received_.clear();
  unsent_.clear();
  socket_.reset();
  // Where this fails it is not connected any more, which those who want to send see.
  const Status again = connect_blocking();
  if (!again.ok()) last_refusal_ = again.error().message;
}

}  // namespace fanfare::bench
