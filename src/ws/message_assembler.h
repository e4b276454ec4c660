// MessageAssembler: received bytes → WebSocket messages and control frames; the reading half of one connection.
//
// Thread: one; it is called with what the network layer received and calls back before it returns.
// Owns:   nothing while idle. A buffer exists only while a message or a control frame is incomplete.
// Cost:   at most 40 bytes of state. An unfragmented message that lies wholly in the input is delivered where it lies,
//         without a copy or an allocation.
// Fails:  with a protocol error as early as the bytes show it (invalid UTF-8 at the first wrong byte, a message that is
//         too large at the header that announces it); then the stream has ended.
//         A deflated message is inflated when it is whole, and no further than to the limit.
// Source: RFC 6455 sections 5.4 (fragmentation), 5.5 (control frames), 7.4 (close codes), 8.1 (UTF-8); RFC 7692
//         section 6.2 (deflated messages).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "base/bytes.h"
#include "deflate/inflater.h"
#include "ws/close_code.h"
#include "ws/frame_parser.h"
#include "ws/opcode.h"

namespace fanfare::ws {

struct MessageLimits {
  std::uint32_t message_bytes_max = 100 * kKiB;  // above it 1009; of a deflated message, inflated
  // Frames of one message, empty ones too, less than 2³¹: above it 1008.
  std::uint32_t message_fragments_max = 1024;
};

// A whole message. The bytes live during the callback only; the handler may change them (parse in place).
struct Message {
  bool is_text = false;  // else binary. Text is valid UTF-8.
  MutableBytes bytes;
  // How many bytes behind `bytes` may be read; what they hold is not the message's and must not be written.
  std::size_t spare = 0;
};

// What the bytes of a connection turned out to be. The methods that return bool say whether to go on. After false the
// assembler touches nothing any more, itself included: the connection may be destroyed, or may feed the rest later.
// Order: that of the wire. Control frames between the fragments of a message come before the message.
// A handler must not feed the same assembler from inside a callback.
class MessageHandler {
 public:
  [[nodiscard]] virtual bool on_message(const Message& message) = 0;
  // Answer it with a pong frame that carries the same payload.
  [[nodiscard]] virtual bool on_ping(ByteView payload) = 0;
  [[nodiscard]] virtual bool on_pong(ByteView payload) = 0;
  // The peer's close frame, the last event of a stream: valid code (kNoStatus when the frame had none), UTF-8 reason.
  virtual void on_close(CloseCode code, std::string_view reason) = 0;
  // The last event of a stream: send a close frame with `code` (1002, 1007, 1008 or 1009) and end the connection.
  virtual void on_protocol_error(CloseCode code, std::string_view reason) = 0;
  // For deflated messages. REQUIRES: not null where the assembler takes those.
  virtual deflate::MessageInflater* inflater() noexcept { return nullptr; }

 protected:
  ~MessageHandler() = default;
};

enum class FeedOutcome : std::uint8_t {
  kGoesOn,   // everything was taken; more may come
  kEnded,    // on_close or on_protocol_error was called, now or earlier; whatever else came was dropped unread
  kStopped,  // the handler said so: the connection is gone, or the rest has to wait
};

class MessageAssembler {
 public:
  // `takes_deflated`: whether permessage-deflate was negotiated.
  MessageAssembler(Role role, MessageLimits limits, bool takes_deflated = false) noexcept;
  MessageAssembler(MessageAssembler&&) noexcept;
  MessageAssembler& operator=(MessageAssembler&&) noexcept;
  ~MessageAssembler();

  // Reads `input`, which it may overwrite (payloads are unmasked in place), and calls `handler` for what completes.
  // `spare_behind`: how many bytes behind `input` may be read. After kStopped, `input` is what was not read.
  FeedOutcome feed(MutableBytes& input, std::size_t spare_behind, MessageHandler& handler);

  // Whether no buffer is held: nothing is incomplete.
  bool is_idle() const noexcept { return incomplete_ == nullptr && parser_.is_between_frames(); }

 private:
  struct Incomplete;

  // What these return is for feed() to return unless it is kGoesOn; after anything else `this` may be gone.
  FeedOutcome take_data(const FramePiece& piece, std::size_t spare, MessageHandler& handler);
  FeedOutcome take_control(const FramePiece& piece, MessageHandler& handler);
  FeedOutcome check_data_header(const FramePiece& piece, MessageHandler& handler);
  FeedOutcome deliver_inflated(bool is_text, ByteView deflated, MessageHandler& handler);
  FeedOutcome deliver_in_place(bool is_text, MutableBytes payload, std::size_t spare, MessageHandler& handler);
  FeedOutcome deliver_accumulated(MessageHandler& handler);
  FeedOutcome deliver_control(Opcode opcode, ByteView payload, MessageHandler& handler);
  FeedOutcome deliver_close(ByteView payload, MessageHandler& handler);
  FeedOutcome fail(CloseCode code, std::string_view reason, MessageHandler& handler);
  bool is_in_message() const noexcept;

  FrameParser parser_;
  std::unique_ptr<Incomplete> incomplete_;
  std::uint32_t message_bytes_max_;
  std::uint32_t message_fragments_max_ : 31;
  bool has_ended_ : 1;
};

}  // namespace fanfare::ws
