// The request parser: bytes fed at once and in pieces must give the same requests and the same refusal, and views never
// reach beyond their memory.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>

#include "base/assert.h"
#include "http/request_parser.h"

namespace {

using namespace fanfare;
using Outcome = http::RequestParser::Outcome;

// Small, so that inputs reach them.
const http::RequestLimits kLimits{
    .request_line_bytes_max = 64, .head_bytes_max = 256, .headers_max = 8, .body_bytes_max = 128};

// What was read, as text, with no trace of how the input was cut.
class History {
 public:
  void feed(ByteView bytes) {
    // In a block of its own with the spare bytes behind, so that a sanitizer sees the first byte beyond.
    const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[bytes.size() + kSpareBytes]());
    if (!bytes.empty()) std::memcpy(copy.get(), bytes.data(), bytes.size());
    MutableBytes rest(copy.get(), bytes.size());
    while (!has_failed_ && !rest.empty()) {
      const http::RequestParser::Step step = parser_.feed(rest, kSpareBytes);
      FANFARE_ASSERT(step.consumed <= rest.size());
      rest = rest.subspan(step.consumed);
      if (step.outcome == Outcome::kNeedsMore) {
        FANFARE_ASSERT(rest.empty());
        return;
      }
      note(step.outcome);
    }
  }
  const std::string& text() const { return text_; }

 private:
  void note(Outcome outcome) {
    if (outcome == Outcome::kError) {
      const http::ParseError& error = parser_.error();
      FANFARE_ASSERT(error.status >= 400 && error.status < 600 && !error.text.empty() && error.text.size() < 256);
      FANFARE_ASSERT(error.text.find_first_of("\r\n") == std::string::npos);
      text_.append(" refused ").append(std::to_string(error.status)).append(error.text);
      has_failed_ = true;
      return;
    }
    const http::Request& request = parser_.request();
    FANFARE_ASSERT(!request.path.empty() && request.headers.size() <= kLimits.headers_max);
    FANFARE_ASSERT(request.body.size() <= kLimits.body_bytes_max);
    text_.append(" request ").append(request.method_text).append(" ").append(request.target);
    text_.append(" ").append(request.path).append(" ").append(request.query);
    text_ += std::to_string(request.version_minor) + (request.keep_alive ? "k" : "c");
    text_ += request.wants_websocket() ? "w" : "";
    for (const http::HeaderField& field : request.headers) text_.append(field.name).append(":").append(field.value);
    text_.append(" body ").append(as_text(request.body));
    if (!request.body.empty()) {
      FANFARE_ASSERT(request.spare_bytes >= kSpareBytes);
      spare_sum_ = spare_sum_ + request.body.data()[request.body.size() + request.spare_bytes - 1];
    }
    parser_.reset();
  }

  http::RequestParser parser_{kLimits};
  std::string text_;
  bool has_failed_ = false;
  volatile unsigned spare_sum_ = 0;
};

}  // namespace

// First byte: how the rest is cut.
// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t step = data[0] % 32 + 1U;
  const ByteView bytes(data + 1, size - 1);
  History whole;
  whole.feed(bytes);
  History cut;
  for (std::size_t at = 0; at < bytes.size(); at += step)
    cut.feed(bytes.subspan(at, std::min(step, bytes.size() - at)));
  FANFARE_ASSERT(whole.text() == cut.text());
  return 0;
}
