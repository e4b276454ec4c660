#include "session/echo_connection.h"

#include "ws/frame.h"

namespace fanfare::session {

namespace {

// The suite echoes messages of up to 16 MiB, in up to 1 MiB single frames and thousands of fragments.
constexpr ws::MessageLimits kLimits{32 * 1024 * 1024, 1'000'000};
constexpr net::SendQueueLimits kSendLimits{64 * 1024 * 1024, 65'536, 48 * 1024 * 1024, 1024 * 1024};

}  // namespace

EchoConnection::EchoConnection(ConnectionList& owner, std::unique_ptr<net::Stream> stream)
    : owner_(owner), stream_(std::move(stream)), assembler_(ws::Role::kServer, kLimits) {
  stream_->set_send_limits(kSendLimits);
}

void EchoConnection::start(MutableBytes unread) {
  stream_->set_handler(*this);
  if (!unread.empty()) on_bytes(unread);
}

void EchoConnection::drain() { on_close(ws::CloseCode::kGoingAway, "server stops"); }

void EchoConnection::on_bytes(MutableBytes bytes) { (void)assembler_.feed(bytes, ws::kSpareBytes, *this); }

void EchoConnection::on_closed(net::CloseReason) { owner_.destroy_later(*this); }

bool EchoConnection::on_message(const ws::Message& message) {
  const ws::FrameKind kind{message.is_text ? ws::Opcode::kText : ws::Opcode::kBinary, true, 0};
  (void)stream_->queue(LocalSlice(ws::encode_frame(kind, message.bytes).slice()), net::DropPolicy::kKeep);
  return true;
}

bool EchoConnection::on_ping(ByteView payload) {
  (void)stream_->queue(LocalSlice(ws::pong_frame(payload).slice()), net::DropPolicy::kKeep);
  return true;
}

bool EchoConnection::on_pong(ByteView) { return true; }

void EchoConnection::on_close(ws::CloseCode code, std::string_view reason) {
  (void)stream_->queue(LocalSlice(ws::close_frame(code, reason).slice()), net::DropPolicy::kKeep);
  stream_->close_after_flush();
}

void EchoConnection::on_protocol_error(ws::CloseCode code, std::string_view reason) { on_close(code, reason); }

}  // namespace fanfare::session
