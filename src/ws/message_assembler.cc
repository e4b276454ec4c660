#include "ws/message_assembler.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/spare_buffer.h"
#include "ws/utf8.h"

namespace fanfare::ws {
namespace {

constexpr std::size_t kControlPayloadMax = 125;
constexpr std::uint32_t kFragmentsMax = 0x7FFF'FFFF;

constexpr std::string_view kNotUtf8 = "text is not valid UTF-8";
constexpr std::string_view kCutCharacter = "text ends inside a UTF-8 character";

// Empty: fine.
std::string_view fault_in_text(Utf8Validator& validator, ByteView bytes, bool is_end) noexcept {
  if (!validator.feed(bytes)) return kNotUtf8;
  return is_end && !validator.is_complete() ? kCutCharacter : std::string_view();
}

}  // namespace

// What there is to remember between two feeds in the middle of something.
struct MessageAssembler::Incomplete {
  SpareBuffer message;
  std::uint32_t fragments = 0;  // 0: no message has begun
  bool is_text = false;
  bool is_deflated = false;
  Utf8Validator utf8;
  // A control frame may come in parts while a message is incomplete, so it has room of its own.
  std::uint8_t control_size = 0;
  std::array<std::uint8_t, kControlPayloadMax> control;
};

MessageAssembler::MessageAssembler(Role role, MessageLimits limits, bool takes_deflated) noexcept
    : parser_(role, takes_deflated ? kRsv1 : std::uint8_t{0}),
      message_bytes_max_(limits.message_bytes_max),
      message_fragments_max_(limits.message_fragments_max & kFragmentsMax),
      has_ended_(false) {}
MessageAssembler::MessageAssembler(MessageAssembler&&) noexcept = default;
MessageAssembler& MessageAssembler::operator=(MessageAssembler&&) noexcept = default;
MessageAssembler::~MessageAssembler() = default;

bool MessageAssembler::is_in_message() const noexcept { return incomplete_ != nullptr && incomplete_->fragments != 0; }

FeedOutcome MessageAssembler::feed(MutableBytes& input, std::size_t spare_behind, MessageHandler& handler) {
  if (has_ended_) return FeedOutcome::kEnded;
  for (;;) {
    const FrameParser::Step step = parser_.next(input);
    if (step.outcome == FrameParser::Outcome::kNeedsMore) return FeedOutcome::kGoesOn;
    if (step.outcome == FrameParser::Outcome::kError) return fail(CloseCode::kProtocolError, step.reason, handler);
    const FeedOutcome outcome = is_control(step.piece.opcode)
                                    ? take_control(step.piece, handler)
                                    : take_data(step.piece, input.size() + spare_behind, handler);
    if (outcome != FeedOutcome::kGoesOn) return outcome;
  }
}

FeedOutcome MessageAssembler::take_data(const FramePiece& piece, std::size_t spare, MessageHandler& handler) {
  if (piece.is_first_piece) {
    if (const FeedOutcome outcome = check_data_header(piece, handler); outcome != FeedOutcome::kGoesOn) return outcome;
    const bool is_text = piece.opcode == Opcode::kText;
    const bool is_deflated = piece.reserved_bits != 0;
    if (piece.opcode != Opcode::kContinuation && piece.is_final && piece.remaining == 0) {
      return is_deflated ? deliver_inflated(is_text, piece.payload, handler)
                         : deliver_in_place(is_text, piece.payload, spare, handler);
    }
    if (incomplete_ == nullptr) incomplete_ = std::make_unique<Incomplete>();
    if (piece.opcode != Opcode::kContinuation) {
      incomplete_->is_text = is_text;
      incomplete_->is_deflated = is_deflated;
    }
    ++incomplete_->fragments;
  }
  Incomplete& incomplete = *incomplete_;
  const bool is_end = piece.is_final && piece.remaining == 0;
  if (incomplete.is_text && !incomplete.is_deflated) {
    const std::string_view fault = fault_in_text(incomplete.utf8, piece.payload, is_end);
    if (!fault.empty()) return fail(CloseCode::kInvalidPayload, fault, handler);
  }
  // Memory follows what was received, not what was announced: a header alone costs its sender as much as it costs us.
  const std::uint64_t expected =
      piece.is_final ? incomplete.message.size() + piece.length() : std::uint64_t{message_bytes_max_};
  incomplete.message.append(piece.payload, expected);
  return is_end ? deliver_accumulated(handler) : FeedOutcome::kGoesOn;
}

// The rules of a message's next frame, all known from its header.
FeedOutcome MessageAssembler::check_data_header(const FramePiece& piece, MessageHandler& handler) {
  const bool is_continuation = piece.opcode == Opcode::kContinuation;
  if (is_continuation && !is_in_message()) {
    return fail(CloseCode::kProtocolError, "continuation frame, but no message to continue", handler);
  }
  if (!is_continuation && is_in_message()) {
    return fail(CloseCode::kProtocolError, "new message before the end of a fragmented one", handler);
  }
  const bool has_flag = piece.reserved_bits != 0;
  if (is_continuation && has_flag) {
    return fail(CloseCode::kProtocolError, "reserved bit set on a continuation frame", handler);
  }
  const bool is_deflated = is_continuation ? incomplete_->is_deflated : has_flag;
  const std::uint64_t bytes = (is_continuation ? incomplete_->message.size() : 0) + piece.length();
  // What is deflated may be a little larger than what it says.
  const std::uint64_t most = is_deflated ? deflate::deflated_bytes_max(message_bytes_max_) : message_bytes_max_;
  if (bytes > most) {
    return fail(CloseCode::kMessageTooBig,
                "message of " + std::to_string(bytes) + " bytes or more, at most " + std::to_string(most), handler);
  }
  if (is_continuation && incomplete_->fragments >= message_fragments_max_) {
    return fail(CloseCode::kPolicyViolation,
                "message of more than " + std::to_string(message_fragments_max_) + " fragments", handler);
  }
  return FeedOutcome::kGoesOn;
}

FeedOutcome MessageAssembler::deliver_inflated(bool is_text, ByteView deflated, MessageHandler& handler) {
  deflate::MessageInflater* const inflater = handler.inflater();
  FANFARE_ASSERT(inflater != nullptr);
  const deflate::Inflated inflated = inflater->inflate(deflated, message_bytes_max_);
  switch (inflated.outcome) {
    case deflate::InflateOutcome::kTooLarge:
      return fail(CloseCode::kMessageTooBig,
                  "message that inflates to more than " + std::to_string(message_bytes_max_) + " bytes", handler);
    case deflate::InflateOutcome::kInvalid:
      return fail(CloseCode::kInvalidPayload, "message is not valid DEFLATE data", handler);
    case deflate::InflateOutcome::kWhole:
      break;
  }
  return deliver_in_place(is_text, inflated.bytes, inflated.spare, handler);
}

FeedOutcome MessageAssembler::deliver_in_place(bool is_text, MutableBytes payload, std::size_t spare,
                                               MessageHandler& handler) {
  if (is_text) {
    Utf8Validator validator;
    const std::string_view fault = fault_in_text(validator, payload, true);
    if (!fault.empty()) return fail(CloseCode::kInvalidPayload, fault, handler);
  }
  const Message message{.is_text = is_text, .bytes = payload, .spare = spare};
  return handler.on_message(message) ? FeedOutcome::kGoesOn : FeedOutcome::kStopped;
}

FeedOutcome MessageAssembler::deliver_accumulated(MessageHandler& handler) {
  // Taken out first: the handler may destroy the assembler while it looks at the message.
  const std::unique_ptr<Incomplete> done = std::move(incomplete_);
  if (done->is_deflated) return deliver_inflated(done->is_text, done->message.bytes(), handler);
  const Message message{.is_text = done->is_text, .bytes = done->message.bytes(), .spare = done->message.spare()};
  return handler.on_message(message) ? FeedOutcome::kGoesOn : FeedOutcome::kStopped;
}

FeedOutcome MessageAssembler::take_control(const FramePiece& piece, MessageHandler& handler) {
  if (piece.is_first_piece && piece.remaining == 0) return deliver_control(piece.opcode, piece.payload, handler);
  if (incomplete_ == nullptr) incomplete_ = std::make_unique<Incomplete>();
  Incomplete& incomplete = *incomplete_;
  // The parser let nothing above 125 bytes begin.
  std::copy(piece.payload.begin(), piece.payload.end(), incomplete.control.begin() + incomplete.control_size);
  incomplete.control_size = static_cast<std::uint8_t>(incomplete.control_size + piece.payload.size());
  if (piece.remaining != 0) return FeedOutcome::kGoesOn;

  // Copied out first, for the handler may destroy the assembler.
  const std::array<std::uint8_t, kControlPayloadMax> payload = incomplete.control;
  const std::size_t size = std::exchange(incomplete.control_size, std::uint8_t{0});
  if (!is_in_message()) incomplete_.reset();
  return deliver_control(piece.opcode, ByteView(payload).first(size), handler);
}

FeedOutcome MessageAssembler::deliver_control(Opcode opcode, ByteView payload, MessageHandler& handler) {
  if (opcode == Opcode::kClose) return deliver_close(payload, handler);
  const bool goes_on = opcode == Opcode::kPing ? handler.on_ping(payload) : handler.on_pong(payload);
  return goes_on ? FeedOutcome::kGoesOn : FeedOutcome::kStopped;
}

FeedOutcome MessageAssembler::deliver_close(ByteView payload, MessageHandler& handler) {
  if (payload.size() == 1) return fail(CloseCode::kProtocolError, "close frame with a payload of 1 byte", handler);
  CloseCode code = CloseCode::kNoStatus;
  if (!payload.empty()) {
    const std::uint16_t sent = load_be16(payload.data());
    if (!is_wire_close_code(sent)) {
      return fail(CloseCode::kProtocolError, "close code " + std::to_string(sent) + " may not be sent", handler);
    }
    code = static_cast<CloseCode>(sent);
    payload = payload.subspan(2);
    if (!is_valid_utf8(payload)) return fail(CloseCode::kInvalidPayload, "close reason is not valid UTF-8", handler);
  }
  has_ended_ = true;
  incomplete_.reset();
  handler.on_close(code, as_text(payload));
  return FeedOutcome::kEnded;
}

FeedOutcome MessageAssembler::fail(CloseCode code, std::string_view reason, MessageHandler& handler) {
  has_ended_ = true;
  incomplete_.reset();
  handler.on_protocol_error(code, reason);
  return FeedOutcome::kEnded;
}

}  // namespace fanfare::ws
