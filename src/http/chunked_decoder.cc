#include "http/chunked_decoder.h"

#include <algorithm>

namespace fanfare::http {

namespace {

constexpr std::uint8_t kDigitsMax = 16;  // 64 bits
constexpr std::string_view kBadSize = "expected a chunk size in hexadecimal digits";
constexpr std::string_view kNoLineFeed = "a carriage return without a line feed in the chunked body";

int hex_value(std::uint8_t byte) noexcept {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

bool is_control(std::uint8_t byte) noexcept { return (byte < 0x20 && byte != '\t') || byte == 0x7F; }

}  // namespace

void ChunkedDecoder::begin(std::uint64_t body_bytes_max) noexcept {
  *this = ChunkedDecoder();
  room_ = body_bytes_max;
}

ChunkedDecoder::Step ChunkedDecoder::next(ByteView input) noexcept {
  for (std::size_t i = 0; i < input.size(); ++i) {
    if (state_ == State::kData) {
      const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(size_, input.size() - i));
      size_ -= count;
      if (size_ == 0) state_ = State::kDataReturn;
      return {.outcome = Outcome::kData, .consumed = i + count, .data = input.subspan(i, count), .reason = {}};
    }
    const std::string_view reason = take(input[i]);
    if (!reason.empty()) return {.outcome = Outcome::kError, .consumed = i + 1, .data = {}, .reason = reason};
    if (state_ == State::kEnd) return {.outcome = Outcome::kEnd, .consumed = i + 1, .data = {}, .reason = {}};
    if (state_ == State::kData) {
      if (size_ > room_) return {.outcome = Outcome::kTooLarge, .consumed = i + 1, .data = {}, .reason = {}};
      room_ -= size_;
    }
  }
  return {.outcome = Outcome::kNeedsMore, .consumed = input.size(), .data = {}, .reason = {}};
}

std::string_view ChunkedDecoder::take(std::uint8_t byte) noexcept {
  const auto expect = [&](char wanted, State then, std::string_view reason) {
    if (byte != static_cast<std::uint8_t>(wanted)) return reason;
    state_ = then;
    return std::string_view();
  };
  switch (state_) {
    case State::kSize:
      return take_size(byte);
    case State::kSizeSpace:
    case State::kExtension:
      return take_size_end(byte);
    case State::kSizeLineFeed:
      return expect('\n', size_ == 0 ? State::kTrailerStart : State::kData, kNoLineFeed);
    case State::kDataReturn:
      return expect('\r', State::kDataLineFeed, "a chunk is longer than its size said");
    case State::kDataLineFeed:
      digits_ = 0;
      return expect('\n', State::kSize, kNoLineFeed);
    case State::kTrailerStart:
    case State::kTrailer:
      return take_trailer(byte);
    case State::kTrailerLineFeed:
      return expect('\n', State::kTrailerStart, kNoLineFeed);
    case State::kEndLineFeed:
      return expect('\n', State::kEnd, kNoLineFeed);
    case State::kData:
    case State::kEnd:
      break;
  }
  return "bytes behind the end of the chunked body";
}

std::string_view ChunkedDecoder::take_size(std::uint8_t byte) noexcept {
  const int digit = hex_value(byte);
  if (digit >= 0) {
    if (digits_ == kDigitsMax) return "a chunk size of more than 16 digits";
    size_ = digits_ == 0 ? 0 : size_ << 4U;
    size_ |= static_cast<std::uint64_t>(digit);
    ++digits_;
    return {};
  }
  if (digits_ == 0) return kBadSize;
  if (byte == ' ' || byte == '\t') {
    state_ = State::kSizeSpace;
    return take_overhead(byte, State::kSizeLineFeed);
  }
  return take_size_end(byte);
}

// Behind the size only an extension or the line's end may come.
std::string_view ChunkedDecoder::take_size_end(std::uint8_t byte) noexcept {
  if (state_ == State::kExtension) return take_overhead(byte, State::kSizeLineFeed);
  if (byte == ';') {
    state_ = State::kExtension;
    return take_overhead(byte, State::kSizeLineFeed);
  }
  if (state_ == State::kSizeSpace && (byte == ' ' || byte == '\t')) return take_overhead(byte, State::kSizeLineFeed);
  if (state_ == State::kSize && byte == '\r') {
    state_ = State::kSizeLineFeed;
    return {};
  }
  return kBadSize;
}

std::string_view ChunkedDecoder::take_trailer(std::uint8_t byte) noexcept {
  if (state_ == State::kTrailerStart) {
    if (byte == '\r') {
      state_ = State::kEndLineFeed;
      return {};
    }
    if (byte == ' ' || byte == '\t' || byte == ':') return "a trailer does not begin with its name";
    state_ = State::kTrailer;
  }
  return take_overhead(byte, State::kTrailerLineFeed);
}

std::string_view ChunkedDecoder::take_overhead(std::uint8_t byte, State when_return) noexcept {
  if (++overhead_ > kOverheadBytesMax) return "too many bytes in chunk extensions and trailers";
  if (byte == '\r') {
    state_ = when_return;
    return {};
  }
  return is_control(byte) ? "a control character in a chunk extension or trailer" : std::string_view();
}

}  // namespace fanfare::http
