#include "support/ws_client.h"

#include <array>
#include <stdexcept>
#include <utility>

#include "base/random.h"
#include "support/deadline.h"

namespace fanfare::test {

namespace {

constexpr ws::MessageLimits kLimits{64 * 1024 * 1024, 1'000'000};
constexpr ws::MaskingKey kMask{0x12, 0x34, 0x56, 0x78};

}  // namespace

WsClient::WsClient(std::uint16_t port, const std::string& target, const WsOptions& options)
    : socket_(port, options.receive_buffer),
      assembler_(ws::Role::kClient, kLimits),
      answers_pings_(options.answers_pings) {
  shake_hands(target, options);
}

void WsClient::shake_hands(const std::string& target, const WsOptions& options) {
  const std::array<std::uint8_t, 16> nonce{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  const ws::ClientHandshake handshake({.host = "127.0.0.1",
                                       .target = target,
                                       .subprotocol = options.subprotocol,
                                       .extensions = options.extensions,
                                       .headers = options.headers},
                                      nonce);
  socket_.send(handshake.request_text());
  std::string bytes;
  for (;;) {
    if (!socket_.receive(bytes)) throw std::runtime_error("no upgrade, the server closed the connection: " + bytes);
    const Result<std::size_t> head = handshake.check_response(bytes);
    if (!head.ok()) throw std::runtime_error("no upgrade: " + head.error().message);
    if (*head == 0) continue;
    response_head_ = bytes.substr(0, *head);
    bytes.erase(0, *head);
    if (response_head_.find("permessage-deflate") != std::string::npos) start_deflating();
    if (!bytes.empty()) feed(bytes);
    return;
  }
}

void WsClient::start_deflating() {
  const auto is_kept = [this](const char* refusal) { return response_head_.find(refusal) == std::string::npos; };
  assembler_ = ws::MessageAssembler(ws::Role::kClient, kLimits, true);
  inflater_ = std::make_unique<deflate::MessageInflater>(
      inflating_, deflate::history_if(is_kept("server_no_context_takeover"), deflate::kWindowBitsMax));
  sent_ = deflate::history_if(is_kept("client_no_context_takeover"), deflate::kWindowBitsMax);
}

deflate::MessageInflater* WsClient::inflater() noexcept {
  ++inflated_;
  return inflater_.get();
}

void WsClient::send_deflated(std::string_view text) {
  const ByteView deflated =
      deflater_.deflate(as_bytes(text), deflate::kWindowBitsMax, sent_ == nullptr ? ByteView() : sent_->view());
  if (deflated.empty()) return send_text(text);
  if (sent_ != nullptr) sent_->append(as_bytes(text));
  send_frame({ws::Opcode::kText, true, ws::kRsv1}, as_text(deflated));
}

std::string WsClient::frame(ws::FrameKind kind, std::string_view payload) {
  std::string bytes;
  ws::append_client_frame(bytes, kind, as_bytes(payload), kMask);
  return bytes;
}

void WsClient::send_frame(ws::FrameKind kind, std::string_view payload) { socket_.send(frame(kind, payload)); }

void WsClient::feed(std::string& bytes) {
  const std::size_t size = bytes.size();
  bytes.resize(size + kSpareBytes);
  auto* data = reinterpret_cast<std::uint8_t*>(bytes.data());
  MutableBytes input(data, size);
  static_cast<void>(assembler_.feed(input, kSpareBytes, *this));
}

WsReceived WsClient::next() {
  while (received_.empty()) {
    std::string bytes;
    if (!socket_.receive(bytes)) return {};
    feed(bytes);
  }
  WsReceived first = std::move(received_.front());
  received_.pop_front();
  return first;
}

std::string WsClient::next_text() {
  for (;;) {
    WsReceived received = next();
    using enum WsReceived::Kind;
    if (received.kind == kText) return std::move(received.payload);
    if (received.kind == kEnd) throw std::runtime_error("the connection ended where a text message was expected");
    if (received.kind == kClose) {
      throw std::runtime_error("closed with " + std::to_string(received.code) + " " + received.payload +
                               " where a text message was expected");
    }
  }
}

WsClosed WsClient::wait_closed() {
  WsClosed closed;
  for (;;) {
    WsReceived received = next();
    if (received.kind == WsReceived::Kind::kText) closed.texts.push_back(std::move(received.payload));
    if (received.kind == WsReceived::Kind::kEnd) return closed;
    if (received.kind != WsReceived::Kind::kClose) continue;
    closed.code = received.code;
    closed.reason = std::move(received.payload);
    // Answer as a browser does, and see the end of the connection.
    static_cast<void>(
        socket_.try_send(frame({ws::Opcode::kClose, true, 0}, ws::close_payload(ws::CloseCode::kNormal, ""))));
    socket_.end();
    std::string rest;
    while (socket_.receive(rest)) {
    }
    return closed;
  }
}

WsClosed WsClient::close(std::uint16_t code) {
  send_frame({ws::Opcode::kClose, true, 0}, ws::close_payload(static_cast<ws::CloseCode>(code), ""));
  return wait_closed();
}

bool WsClient::on_message(const ws::Message& message) {
  received_.push_back(
      {message.is_text ? WsReceived::Kind::kText : WsReceived::Kind::kBinary, std::string(as_text(message.bytes)), 0});
  return true;
}

bool WsClient::on_ping(ByteView payload) {
  if (answers_pings_) static_cast<void>(socket_.try_send(frame({ws::Opcode::kPong, true, 0}, as_text(payload))));
  received_.push_back({WsReceived::Kind::kPing, std::string(as_text(payload)), 0});
  return true;
}

bool WsClient::on_pong(ByteView payload) {
  received_.push_back({WsReceived::Kind::kPong, std::string(as_text(payload)), 0});
  return true;
}

void WsClient::on_close(ws::CloseCode code, std::string_view reason) {
  received_.push_back({WsReceived::Kind::kClose, std::string(reason), ws::number(code)});
}

void WsClient::on_protocol_error(ws::CloseCode code, std::string_view reason) {
  throw std::runtime_error("the server broke RFC 6455: " + std::to_string(ws::number(code)) + " " +
                           std::string(reason));
}

}  // namespace fanfare::test
