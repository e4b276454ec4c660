#include "session/echo_connection.h"

#include <string>

#include "session/compression.h"
#include "ws/deflated_frame.h"
#include "ws/frame.h"

namespace fanfare::session {

namespace {

// The suite echoes messages of up to 16 MiB, in up to 1 MiB single frames and thousands of fragments.
constexpr ws::MessageLimits kLimits{32 * 1024 * 1024, 1'000'000};
constexpr net::SendQueueLimits kSendLimits{64 * 1024 * 1024, 65'536, 48 * 1024 * 1024, 1024 * 1024};

}  // namespace

struct EchoConnection::Deflating {
  Deflating(Compression& with, const ws::DeflateAgreement& agreement)
      : compression(with),
        inflater(with.inflater(), deflate::history_if(agreement.client_takes_over, agreement.client_window_bits)),
        sent(deflate::history_if(agreement.server_takes_over, agreement.server_window_bits)),
        window{agreement.server_window_bits, sent.get()} {}

  Compression& compression;
  deflate::MessageInflater inflater;
  std::unique_ptr<deflate::History> sent;
  ws::DeflateWindow window;
};

EchoConnection::EchoConnection(ConnectionList& owner, std::unique_ptr<net::Stream> stream, Compression& compression,
                               const std::optional<ws::DeflateAgreement>& agreement)
    : owner_(owner), stream_(std::move(stream)), assembler_(ws::Role::kServer, kLimits, agreement.has_value()) {
  stream_->set_send_limits(kSendLimits);
  if (agreement) deflating_ = std::make_unique<Deflating>(compression, *agreement);
}

EchoConnection::~EchoConnection() = default;

deflate::MessageInflater* EchoConnection::inflater() noexcept {
  return deflating_ == nullptr ? nullptr : &deflating_->inflater;
}

void EchoConnection::start(MutableBytes unread) {
  stream_->set_handler(*this);
  if (!unread.empty()) on_bytes(unread);
}

void EchoConnection::drain() { on_close(ws::CloseCode::kGoingAway, "server stops"); }

void EchoConnection::on_bytes(MutableBytes bytes) { (void)assembler_.feed(bytes, kSpareBytes, *this); }

void EchoConnection::on_closed(net::CloseReason) { owner_.destroy_later(*this); }

bool EchoConnection::on_message(const ws::Message& message) {
  const ws::Opcode opcode = message.is_text ? ws::Opcode::kText : ws::Opcode::kBinary;
  if (deflating_ == nullptr) {
    (void)stream_->queue(LocalSlice(ws::encode_frame({opcode}, message.bytes).slice()), net::DropPolicy::kKeep);
    return true;
  }
  std::string frame;
  ws::append_deflated_frame(frame, opcode, message.bytes, deflating_->compression.deflater(), deflating_->window);
  (void)stream_->queue_copy(as_bytes(frame));
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
