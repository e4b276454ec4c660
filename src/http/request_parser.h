// RequestParser: HTTP/1.1 requests out of bytes, however they are cut.
//
// The head is looked for line by line, then parsed once, whole, by Boost.Beast's parser. A body that lies whole in the
// caller's bytes stays there; any other is gathered in a buffer of the parser.
//
// Refused, because two readers could disagree about where such a request ends: Content-Length together with
// Transfer-Encoding, more than one Content-Length, header lines that go on in the next line, white space before the
// colon, line ends without a carriage return, Transfer-Encoding in HTTP/1.0, other codings than chunked.
//
// Thread: one at a time. No sockets, no clock.
// Bound:  RequestLimits.
// Cost:   a request that comes in one piece is neither copied nor does it allocate, once the parser has seen a few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/spare_buffer.h"
#include "http/chunked_decoder.h"
#include "http/head_parser.h"
#include "http/limits.h"
#include "http/request.h"

namespace fanfare::http {

class RequestParser {
 public:
  // `limits` must outlive the parser.
  explicit RequestParser(const RequestLimits& limits) : limits_(limits) {}
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  enum class Outcome : std::uint8_t {
    kNeedsMore,  // all input was consumed
    kComplete,   // request() holds; the next request begins behind what was consumed
    kError,      // error() holds; the connection is of no more use
  };
  struct Step {
    Outcome outcome = Outcome::kNeedsMore;
    std::size_t consumed = 0;
  };

  // Takes bytes up to the end of one request. `spare_bytes` more bytes of the same memory lie behind `input`.
  // After kComplete or kError comes reset() before the next feed().
  Step feed(MutableBytes input, std::size_t spare_bytes);

  // After kComplete. The views last until reset(), and as long as the input of the feed() that returned it.
  Request& request() noexcept { return request_; }
  const Request& request() const noexcept { return request_; }
  // After kError: 400, 413, 414, 417, 431, 501 or 505 and a line for people.
  const ParseError& error() const noexcept { return error_; }

  // Ready for the next request. The memory of small requests is kept.
  void reset();

  // Whether not one byte of a request has come; empty lines in front of it do not count.
  bool is_idle() const noexcept { return state_ == State::kHead && head_.empty() && !after_return_; }
  // Whether the head is complete and the body is not: slow from here on is a slow body.
  bool is_in_body() const noexcept { return state_ == State::kLengthBody || state_ == State::kChunkedBody; }
  // True once, when the client waits for "100 Continue" before it sends the body.
  bool take_continue() noexcept;

 private:
  enum class State : std::uint8_t { kHead, kLengthBody, kChunkedBody, kComplete, kError };
  struct Input {
    MutableBytes bytes;
    std::size_t consumed = 0;
    std::size_t spare = 0;
    MutableBytes rest() const { return bytes.subspan(consumed); }
  };

  bool feed_head(Input& in);
  bool skip_empty_lines(Input& in);
  bool scan_lines(ByteView head);
  bool end_line(ByteView head, std::size_t line_end);
  bool check_unfinished_line(ByteView head);
  bool check_folding(ByteView line);
  bool parse_head();
  bool begin_body(Input& in);
  bool feed_length_body(Input& in);
  bool feed_chunked_body(Input& in);
  bool complete_with(MutableBytes body, std::size_t spare_bytes);
  void keep_head();
  bool fail(int status, std::string text);
  bool fail_line_too_long();
  bool fail_head_too_large();

  const RequestLimits& limits_;
  State state_ = State::kHead;
  bool after_return_ = false;  // of an empty line in front of the request
  bool owns_head_ = false;     // the views of the head are into head_
  bool wants_continue_ = false;
  bool head_ended_ = false;
  std::size_t scanned_ = 0;     // bytes of the head that have been looked at
  std::size_t line_begin_ = 0;  // of the line that is not complete yet
  std::size_t lines_ = 0;       // complete ones
  MutableBytes head_bytes_;     // the complete head
  BodyFraming framing_;
  ChunkedDecoder chunked_;
  SpareBuffer head_;
  SpareBuffer body_;
  Request request_;
  ParseError error_{.status = 0, .text = {}};
};

}  // namespace fanfare::http
