#include "session/deflating_connection.h"

#include <string>
#include <utility>

#include "session/compression.h"
#include "ws/frame.h"

namespace fanfare::session {

namespace {

// Frames for one connection are made here. Kept apart from scratch(), where their payload may be.
std::string& frame_scratch() {
  thread_local std::string text;
  text.clear();
  return text;
}

}  // namespace

DeflatingConnection::DeflatingConnection(SessionContext& context, ConnectionList& owner,
                                         std::unique_ptr<net::Stream> stream, Admission admission,
                                         const ws::DeflateAgreement& agreement)
    : WsConnection(context, owner, std::move(stream), std::move(admission), true),
      compression_(context.compression),
      inflater_(compression_.inflater(),
                deflate::history_if(agreement.client_takes_over, agreement.client_window_bits)),
      sent_(deflate::history_if(agreement.server_takes_over, agreement.server_window_bits)),
      window_bits_(agreement.server_window_bits) {
  compression_.stats().deflate_connections.add(1);
}

DeflatingConnection::~DeflatingConnection() { compression_.stats().deflate_connections.add(-1); }

void DeflatingConnection::send(const core::Delivery& delivery, core::FrameClass frame_class) {
  if (sent_ == nullptr) return send_frames(delivery.deflated(compression_, window_bits_), frame_class);
  std::string& frames = frame_scratch();
  for (ByteView rest = delivery.frames().view(); !rest.empty();) {
    const ws::FrameText frame = ws::first_text_frame(rest);
    compression_.append_frame(frames, frame.payload, {window_bits_, sent_.get()});
    rest = rest.subspan(frame.bytes);
  }
  // Never dropped, whatever its class: what comes behind may refer to it.
  send_bytes(as_bytes(frames));
  has_sent_ = true;
}

void DeflatingConnection::send_text(std::string_view payload) {
  std::string& frame = frame_scratch();
  compression_.append_frame(frame, payload, {window_bits_, sent_.get()});
  send_bytes(as_bytes(frame));
  has_sent_ = true;
}

void DeflatingConnection::probe() {
  if (!std::exchange(has_sent_, false) && sent_ != nullptr) sent_->forget();
  WsConnection::probe();
}

}  // namespace fanfare::session
