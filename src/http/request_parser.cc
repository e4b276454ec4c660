#include "http/request_parser.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/assert.h"

namespace fanfare::http {

namespace {

// What a parser keeps for its next request.
constexpr std::size_t kKeptHeadBytes = 16 * kKiB;
constexpr std::size_t kKeptBodyBytes = 64 * kKiB;

bool may_begin_method(std::uint8_t byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(static_cast<char>(byte)) != std::string_view::npos;
}

}  // namespace

RequestParser::Step RequestParser::feed(MutableBytes input, std::size_t spare_bytes) {
  FANFARE_ASSERT(state_ != State::kComplete && state_ != State::kError);
  Input in{.bytes = input, .consumed = 0, .spare = spare_bytes};
  bool goes_on = true;
  while (goes_on) {
    switch (state_) {
      case State::kHead:
        goes_on = feed_head(in);
        break;
      case State::kLengthBody:
        goes_on = feed_length_body(in);
        break;
      case State::kChunkedBody:
        goes_on = feed_chunked_body(in);
        break;
      case State::kComplete:
      case State::kError:
        goes_on = false;
        break;
    }
  }
  if (is_in_body()) keep_head();  // the caller's bytes go away now
  if (state_ == State::kComplete) return {Outcome::kComplete, in.consumed};
  if (state_ == State::kError) return {Outcome::kError, in.consumed};
  return {Outcome::kNeedsMore, in.consumed};
}

// The steps return whether there is more to do: a new state was reached and it may have input.

bool RequestParser::feed_head(Input& in) {
  if (head_.empty()) {
    if (!skip_empty_lines(in) || in.rest().empty()) return false;
    const MutableBytes rest = in.rest();
    if (!scan_lines(rest)) return false;
    if (!head_ended_) {
      head_.append(rest);
      in.consumed += rest.size();
      return false;
    }
    in.consumed += scanned_;
    head_bytes_ = rest.first(scanned_);
    return parse_head() && begin_body(in);
  }
  const std::size_t before = head_.size();
  const MutableBytes rest = in.rest();
  // Never more than a head may have, so that the buffer is bounded; what belongs to the body is not consumed.
  const std::size_t count = std::min(rest.size(), limits_.head_bytes_max - before);
  head_.append(rest.first(count));
  if (!scan_lines(head_.bytes())) return false;
  in.consumed += head_ended_ ? scanned_ - before : count;
  if (!head_ended_) return false;
  owns_head_ = true;
  head_bytes_ = head_.bytes().first(scanned_);
  return parse_head() && begin_body(in);
}

// Some old clients send an empty line behind a body. Source: RFC 9112 section 2.2. Returns whether to go on.
bool RequestParser::skip_empty_lines(Input& in) {
  while (!in.rest().empty()) {
    const std::uint8_t byte = in.rest()[0];
    if (after_return_ && byte != '\n') return fail(400, "a carriage return without a line feed");
    if (!after_return_ && byte != '\r') break;
    after_return_ = !after_return_;
    ++in.consumed;
  }
  return true;
}

// Looks at what is new in the head. False: it is refused. Line by line, in the order of the bytes, so that a request is
// refused for the same reason however it is cut.
bool RequestParser::scan_lines(ByteView head) {
  if (scanned_ == 0 && !may_begin_method(head[0])) {
    return fail(400, head[0] == 0x16 ? "this port speaks HTTP, and the client began a TLS handshake"
                                     : "expected a request line \"METHOD /path HTTP/1.1\"");
  }
  while (scanned_ < head.size()) {
    const void* found = std::memchr(head.data() + scanned_, '\n', head.size() - scanned_);
    if (found == nullptr) {
      scanned_ = head.size();
      return check_unfinished_line(head);
    }
    const auto line_end = static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - head.data());
    if (!end_line(head, line_end)) return false;
    scanned_ = line_end + 1;
    line_begin_ = scanned_;
    if (head_ended_) return true;
  }
  return check_unfinished_line(head);
}

// `line_end` is the place of the line feed.
bool RequestParser::end_line(ByteView head, std::size_t line_end) {
  const ByteView line = head.subspan(line_begin_, line_end - line_begin_);
  const bool has_return = !line.empty() && line.back() == '\r';
  if (lines_ == 0 && line.size() - (has_return ? 1 : 0) > limits_.request_line_bytes_max) return fail_line_too_long();
  // Folding shows in the line's first byte, the size at its end: a line across the limit has both faults.
  if (line_begin_ < limits_.head_bytes_max && !check_folding(line)) return false;
  if (line_end >= limits_.head_bytes_max) return fail_head_too_large();
  if (!has_return) return fail(400, "a line feed without a carriage return in the request head");
  if (line.size() == 1) {
    head_ended_ = true;
    return true;
  }
  ++lines_;
  if (lines_ > limits_.headers_max + 1) {
    return fail(431, "more than " + std::to_string(limits_.headers_max) + " headers");
  }
  return true;
}

bool RequestParser::check_unfinished_line(ByteView head) {
  const ByteView line = head.subspan(line_begin_);
  const bool has_return = !line.empty() && line.back() == '\r';
  if (lines_ == 0 && line.size() - (has_return ? 1 : 0) > limits_.request_line_bytes_max) return fail_line_too_long();
  if (line_begin_ < limits_.head_bytes_max && !check_folding(line)) return false;
  if (head.size() >= limits_.head_bytes_max) return fail_head_too_large();
  return true;
}

bool RequestParser::check_folding(ByteView line) {
  if (lines_ == 0 || line.empty() || (line[0] != ' ' && line[0] != '\t')) return true;
  return fail(400, "a header line begins with white space: folded headers are not accepted");
}

bool RequestParser::parse_head() {
  BodyFraming framing;
  std::optional<ParseError> fault = parse_request_head(head_bytes_, request_, framing);
  if (fault) return fail(fault->status, std::move(fault->text));
  framing_ = framing;
  wants_continue_ = framing.expects_continue;
  return true;
}

bool RequestParser::begin_body(Input& in) {
  if (framing_.chunked) {
    chunked_.begin(limits_.body_bytes_max);
    state_ = State::kChunkedBody;
    return true;
  }
  if (framing_.content_length > limits_.body_bytes_max) {
    return fail(413, "a body of " + std::to_string(framing_.content_length) + " bytes; at most " +
                         std::to_string(limits_.body_bytes_max) + " are accepted");
  }
  const std::size_t length = framing_.content_length;
  const MutableBytes rest = in.rest();
  if (length <= rest.size()) {
    in.consumed += length;
    return complete_with(rest.first(length), rest.size() - length + in.spare);
  }
  // What the client claims is not yet worth its memory.
  body_.reserve(std::min(length, kKeptBodyBytes));
  state_ = State::kLengthBody;
  return true;
}

bool RequestParser::feed_length_body(Input& in) {
  const MutableBytes rest = in.rest();
  const std::size_t length = framing_.content_length;
  const std::size_t count = std::min(rest.size(), length - body_.size());
  body_.append(rest.first(count));
  in.consumed += count;
  return body_.size() == length && complete_with(body_.bytes(), body_.spare());
}

bool RequestParser::feed_chunked_body(Input& in) {
  for (;;) {
    const ChunkedDecoder::Step step = chunked_.next(in.rest());
    in.consumed += step.consumed;
    switch (step.outcome) {
      case ChunkedDecoder::Outcome::kNeedsMore:
        return false;
      case ChunkedDecoder::Outcome::kData:
        body_.append(step.data);
        break;
      case ChunkedDecoder::Outcome::kEnd:
        return complete_with(body_.bytes(), body_.spare());
      case ChunkedDecoder::Outcome::kTooLarge:
        return fail(413, "a chunked body of more than " + std::to_string(limits_.body_bytes_max) + " bytes");
      case ChunkedDecoder::Outcome::kError:
        return fail(400, std::string(step.reason));
    }
  }
}

bool RequestParser::complete_with(MutableBytes body, std::size_t spare_bytes) {
  request_.body = body;
  request_.spare_bytes = spare_bytes;
  state_ = State::kComplete;
  return true;
}

// Moves the head, and the views into it, out of the caller's bytes.
void RequestParser::keep_head() {
  if (owns_head_) return;
  owns_head_ = true;
  const char* const old_begin = as_text(head_bytes_).data();
  const char* const old_end = old_begin + head_bytes_.size();
  head_.append(head_bytes_);
  head_bytes_ = head_.bytes();
  const char* const new_begin = as_text(head_bytes_).data();
  const auto move = [&](std::string_view& view) {
    const std::less_equal<> not_behind;  // a path may also be static text
    if (!not_behind(old_begin, view.data()) || !not_behind(view.data() + view.size(), old_end)) return;
    view = std::string_view(new_begin + (view.data() - old_begin), view.size());
  };
  for (std::string_view* view : {&request_.method_text, &request_.target, &request_.path, &request_.query}) move(*view);
  for (HeaderField& field : request_.headers) {
    move(field.name);
    move(field.value);
  }
}

bool RequestParser::take_continue() noexcept {
  return is_in_body() && body_.empty() && std::exchange(wants_continue_, false);
}

void RequestParser::reset() {
  state_ = State::kHead;
  after_return_ = false;
  owns_head_ = false;
  wants_continue_ = false;
  head_ended_ = false;
  scanned_ = 0;
  line_begin_ = 0;
  lines_ = 0;
  head_bytes_ = {};
  framing_ = {};
  head_.clear(kKeptHeadBytes);
  body_.clear(kKeptBodyBytes);
  std::vector<HeaderField> headers = std::move(request_.headers);
  headers.clear();
  request_ = Request();
  request_.headers = std::move(headers);
  if (error_.status != 0) error_ = {.status = 0, .text = {}};
}

bool RequestParser::fail(int status, std::string text) {
  error_ = {status, std::move(text)};
  state_ = State::kError;
  return false;
}

bool RequestParser::fail_line_too_long() {
  return fail(414, "a request line of more than " + std::to_string(limits_.request_line_bytes_max) + " bytes");
}

bool RequestParser::fail_head_too_large() {
  return fail(431, "a request head of more than " + std::to_string(limits_.head_bytes_max) + " bytes");
}

}  // namespace fanfare::http
