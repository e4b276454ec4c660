#include "support/http_client.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace fanfare::test {

namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

HttpResponse parse_head(std::string_view head) {
  HttpResponse response;
  if (!head.starts_with("HTTP/1.1 "))
    throw std::runtime_error("not an HTTP answer: " + std::string(head.substr(0, 200)));
  response.status = std::stoi(std::string(head.substr(9, 3)));
  std::size_t line = head.find("\r\n") + 2;
  while (line < head.size()) {
    const std::size_t end = head.find("\r\n", line);
    const std::string_view text = head.substr(line, end - line);
    const std::size_t colon = text.find(": ");
    response.headers.emplace_back(text.substr(0, colon), text.substr(colon + 2));
    line = end + 2;
  }
  return response;
}

}  // namespace

std::string HttpResponse::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (equals_ignoring_case(key, name)) return value;
  }
  return {};
}

std::string HttpClient::request_text(std::string_view method, const std::string& target, std::string_view body,
                                     const HttpHeaders& headers) {
  std::string text = std::string(method) + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return text.append("\r\n").append(body);
}

HttpResponse HttpClient::request(std::string_view method, const std::string& target, std::string_view body,
                                 const HttpHeaders& headers) {
  socket_.send(request_text(method, target, body, headers));
  return read_response(method != "HEAD");
}

HttpResponse HttpClient::read_response(bool has_body) {
  std::size_t head_end = unread_.find("\r\n\r\n");
  for (; head_end == std::string::npos; head_end = unread_.find("\r\n\r\n")) receive_more();
  HttpResponse response = parse_head(std::string_view(unread_).substr(0, head_end + 2));
  unread_.erase(0, head_end + 4);
  const std::string length = response.header("Content-Length");
  const std::size_t body_bytes = has_body && !length.empty() ? std::stoul(length) : 0;
  while (unread_.size() < body_bytes) receive_more();
  response.body = unread_.substr(0, body_bytes);
  unread_.erase(0, body_bytes);
  return response;
}

bool HttpClient::ends_quietly() {
  while (socket_.receive(unread_)) {
  }
  return unread_.empty();
}

void HttpClient::receive_more() {
  if (!socket_.receive(unread_))
    throw std::runtime_error("the server closed the connection; unread: \"" + unread_ + '"');
}

}  // namespace fanfare::test
