// FrameParser: bytes of any segmentation → the frames of RFC 6455 section 5, piece by piece and in place.
//
// Cost:   24 bytes of state; never allocates, never copies payload: it is unmasked where it lies.
// Fails:  once; after an error the stream cannot be read on. Errors are found at the first byte that shows them, so
//         that every segmentation of the same bytes gives the same error.
// Bounds: payload lengths are those of the RFC (control frames 125, others 2^63 − 1); what a message may be in total is
//         the business of the MessageAssembler, which learns a frame's length with its first piece.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "ws/close_code.h"
#include "ws/mask.h"
#include "ws/opcode.h"

namespace fanfare::ws {

// The reserved bits as they stand in a frame's first byte. Set ones are an error unless an extension allowed them.
inline constexpr std::uint8_t kRsv1 = 0x40;
inline constexpr std::uint8_t kRsv2 = 0x20;
inline constexpr std::uint8_t kRsv3 = 0x10;

// A part of one frame: its header together with as much unmasked payload as the input held.
struct FramePiece {
  Opcode opcode = Opcode::kContinuation;
  std::uint8_t reserved_bits = 0;  // the allowed ones that are set
  bool is_final = false;           // FIN
  bool is_first_piece = false;     // this piece begins the frame
  MutableBytes payload;            // inside the input; possibly empty
  std::uint64_t remaining = 0;     // payload bytes of the frame behind this piece; 0: the frame is complete

  // Of a first piece: what the frame's header announced.
  std::uint64_t length() const noexcept { return payload.size() + remaining; }
};

class FrameParser {
 public:
  enum class Outcome : std::uint8_t { kNeedsMore, kPiece, kError };

  struct Step {
    Outcome outcome = Outcome::kNeedsMore;
    FramePiece piece;         // with kPiece
    std::string_view reason;  // with kError, whose close code is always 1002; static text
  };

  // `allowed_reserved_bits`: those that a negotiated extension gave a meaning (kRsv1 for RFC 7692). They are allowed on
  // data frames only; whether one may stand on a continuation is for the extension to say.
  explicit FrameParser(Role role, std::uint8_t allowed_reserved_bits = 0) noexcept
      : allowed_reserved_bits_(allowed_reserved_bits),
        header_size_(0),
        is_server_(role == Role::kServer),
        is_in_payload_(false) {}

  // Takes the next piece off the front of `input`, which shrinks accordingly; kNeedsMore leaves it empty.
  // A frame's first piece comes as soon as its header is complete, even when no payload has arrived yet.
  Step next(MutableBytes& input) noexcept;

  // Whether the bytes so far end between two frames.
  bool is_between_frames() const noexcept { return !is_in_payload_ && header_size_ == 0; }

 private:
  static constexpr std::size_t kHeaderBytesMax = 14;

  std::size_t header_bytes(ByteView header) const noexcept;
  std::string_view fault_in(ByteView header) const noexcept;
  Step resume_header(MutableBytes& input) noexcept;
  Step start_frame(ByteView header, MutableBytes& input) noexcept;
  Step next_piece(MutableBytes& input, bool is_first_piece) noexcept;

  std::uint64_t remaining_ = 0;  // payload bytes still to come
  // Between frames: the bytes of an incomplete header. Inside one: its first byte, then the key, rotated to the next
  // payload byte. One array for both keeps an idle connection small.
  std::array<std::uint8_t, kHeaderBytesMax - 1> header_{};
  std::uint8_t allowed_reserved_bits_ = 0;
  std::uint8_t header_size_ : 4;  // how much of an incomplete header there is
  bool is_server_ : 1;
  bool is_in_payload_ : 1;
};

}  // namespace fanfare::ws
