#include "support/fallback_client.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <utility>

#include "json/json_reader.h"

namespace fanfare::test {

namespace {

// The one message of an "a" line.
std::string message_of(const std::string& line) {
  json::Reader reader;
  if (!reader.parse(std::string_view(line).substr(1)).ok() || reader.elements().size() != 1) {
    throw std::runtime_error("no line with one message: " + line);
  }
  return std::string(reader.elements()[0].text);
}

bool is_prelude(std::string_view line) { return line.size() > 1 && line.find_first_not_of('h') == line.npos; }

}  // namespace

std::string FallbackClient::unique_session() {
  static std::atomic<int> number{0};
  return std::to_string(number % 1000) + "/session" + std::to_string(++number);
}

FallbackClient::FallbackClient(std::uint16_t port, TestApp app, FallbackKind kind, std::string session,
                               int receive_buffer)
    : port_(port),
      app_(std::move(app)),
      kind_(kind),
      session_(session.empty() ? unique_session() : std::move(session)),
      receive_buffer_(receive_buffer),
      sender_(port) {
  receive_again();
  const std::string first = next_line();
  if (first != "o") throw std::runtime_error("not opened, but " + first);
  is_open_ = true;
  socket_id_ = socket_id_of(next_text());
}

std::string FallbackClient::path(std::string_view endpoint) const {
  return "/pusher/app/" + app_.key + "/" + session_ + "/" + std::string(endpoint);
}

void FallbackClient::receive_again() {
  receiver_ = std::make_unique<TestSocket>(port_, receive_buffer_);
  unread_.clear();
  text_.clear();
  ask();
}

void FallbackClient::ask() {
  const std::string_view endpoint = kind_ == FallbackKind::kStreaming ? "xhr_streaming" : "xhr";
  receiver_->send(HttpClient::request_text("POST", path(endpoint) + "?protocol=7&client=js&version=8.6.0&t=1&n=1", "",
                                           {{"Content-Length", "0"}}));
  has_head_ = is_whole_ = false;
  body_size_ = 0;
}

std::string FallbackClient::next_line() {
  for (;;) {
    while (lines_.empty()) {
      if (receiver_ == nullptr) throw std::runtime_error("nothing is being received");
      if (is_whole_) {
        if (kind_ == FallbackKind::kStreaming) throw std::runtime_error("the stream has ended");
        ask();
      }
      receive_more();
    }
    std::string line = std::move(lines_.front());
    lines_.pop_front();
    if (is_open_ && line == "o") throw std::runtime_error("opened twice: the server lost the session");
    if (!is_prelude(line)) return line;
  }
}

std::string FallbackClient::next_text() {
  std::string line = next_line();
  while (line == "h") line = next_line();
  if (line.empty() || line.front() != 'a') throw std::runtime_error("no message, but " + line);
  return message_of(line);
}

FallbackClosed FallbackClient::wait_closed() {
  FallbackClosed closed;
  for (;;) {
    const std::string line = next_line();
    if (line.starts_with("a")) closed.texts.push_back(message_of(line));
    if (!line.starts_with("c")) continue;
    json::Reader reader;
    if (!reader.parse(std::string_view(line).substr(1)).ok() || reader.elements().size() != 2) {
      throw std::runtime_error("no close line: " + line);
    }
    closed.code = static_cast<int>(reader.elements()[0].integer().value_or(0));
    closed.reason = reader.elements()[1].text;
    return closed;
  }
}

int FallbackClient::send_body(std::string_view body) {
  return sender_.request("POST", path("xhr_send") + "?t=1&n=1", body, {{"Content-Type", "application/json"}}).status;
}

void FallbackClient::send_text(std::string_view message) {
  const int status = send_body("[" + json_string(message) + "]");
  if (status != 204) throw std::runtime_error("xhr_send was answered " + std::to_string(status));
}

std::string FallbackClient::unexpected() {
  send_text(kPingCommand);
  std::string text = next_text();
  return text == kPongEvent ? std::string() : text;
}

void FallbackClient::receive_more() {
  if (!receiver_->receive(unread_)) {
    throw std::runtime_error("the server closed the connection; unread: \"" + unread_ + '"');
  }
  if (!has_head_) {
    const std::size_t end = unread_.find("\r\n\r\n");
    if (end == std::string::npos) return;
    const std::string head = unread_.substr(0, end + 2);
    if (!head.starts_with("HTTP/1.1 200 ")) throw std::runtime_error("refused: " + unread_);
    unread_.erase(0, end + 4);
    has_head_ = true;
    is_chunked_ = head.find("Transfer-Encoding: chunked\r\n") != std::string::npos;
    const std::size_t length = head.find("Content-Length: ");
    left_ = length == std::string::npos ? 0 : std::stoul(head.substr(length + 16));
  }
  take_body();
  take_lines();
}

void FallbackClient::take_body() {
  if (!is_chunked_) {
    const std::size_t size = std::min(left_, unread_.size());
    text_ += unread_.substr(0, size);
    body_size_ += size;
    unread_.erase(0, size);
    left_ -= size;
    is_whole_ = left_ == 0;
    return;
  }
  while (!is_whole_) {
    const std::size_t line_end = unread_.find("\r\n");
    if (line_end == std::string::npos) return;
    const std::size_t size = std::stoul(unread_.substr(0, line_end), nullptr, 16);
    if (unread_.size() < line_end + 2 + size + 2) return;
    text_ += unread_.substr(line_end + 2, size);
    body_size_ += size;
    unread_.erase(0, line_end + 2 + size + 2);
    is_whole_ = size == 0;
  }
}

void FallbackClient::take_lines() {
  for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n')) {
    lines_.push_back(text_.substr(0, end));
    text_.erase(0, end + 1);
  }
}

}  // namespace fanfare::test
