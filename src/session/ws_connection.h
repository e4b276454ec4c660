// WsConnection: a session over a WebSocket: the stream, the reading half of the codec, and the session in one object.
// DeflatingConnection is one with compression.
//
// State:  open → ending (a close frame is queued, the session is gone at the end of the turn) → closed (destroyed).
// Thread: one loop.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/slabs.h"
#include "base/spare_buffer.h"
#include "net/stream.h"
#include "session/connection_list.h"
#include "session/session.h"
#include "session/session_context.h"
#include "session/transport.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::session {

class WsConnection : public OwnedConnection, public InSlab, private net::StreamHandler, private Transport {
 public:
  // The 101 response is queued on `stream` already; the greeting follows it in the same write.
  // `takes_deflated`: for a class that has an inflater().
  WsConnection(SessionContext& context, ConnectionList& owner, std::unique_ptr<net::Stream> stream, Admission admission,
               bool takes_deflated = false);
  ~WsConnection() override;

  // Bytes that came behind the upgrade request. The last step of making a connection.
  void start(MutableBytes unread);

  void drain() override;
  void on_apps_changed() override;

 protected:
  // Transport
  void send(const core::Delivery& delivery, core::FrameClass frame_class) override;
  void send_text(std::string_view payload) override;
  void probe() override;

  // For deflated messages of the client.
  virtual deflate::MessageInflater* inflater() noexcept { return nullptr; }

  // Queues frames that others share.
  void send_frames(const LocalSlice& frames, core::FrameClass frame_class);
  // Queues whole frames for this connection only, which are never dropped.
  void send_bytes(ByteView frames);

 private:
  class Reader;  // what the received bytes turn out to be; apart, so that every connection is smaller

  // net::StreamHandler
  void on_bytes(MutableBytes bytes) override;
  void on_send_drained() override;
  void on_closed(net::CloseReason reason) override;

  // Transport
  bool is_paused() const noexcept override { return paused_; }
  std::string peer_address() const override;
  void end(std::uint16_t close_code, std::string_view reason) override;

  // Whether the next message may be looked at: not while this client's queue is above its high mark.
  bool goes_on() const noexcept { return !ending_ && !paused_; }
  void take(MutableBytes bytes);
  void go_on_reading();
  // A frame that only this connection gets.
  void send_own(ws::FrameKind kind, ByteView payload);
  void note_outcome(net::SendOutcome outcome);
  net::SendOutcome make_room_and_queue(const LocalSlice& frames, net::DropPolicy policy);
  void end_with(ws::CloseCode code, std::string_view reason);
  void end_session();

  SessionContext& context_;
  ConnectionList& owner_;
  std::unique_ptr<net::Stream> stream_;
  ws::MessageAssembler assembler_;
  std::unique_ptr<SpareBuffer> held_;  // received and not yet looked at: reading was paused before
  bool ending_ = false;
  bool paused_ = false;
  std::optional<Session> session_;
};

}  // namespace fanfare::session
