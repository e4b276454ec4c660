// Lines: what a fallback client reads, one frame a line, in memory that any number of answers share.
//
// Wire:   o                    the session is open
//         a["{\"event\":…}"]   messages, each a JSON string
//         h                    heartbeat
//         c[4001,"reason"]     the session is closed
//         each behind it a line feed; never an empty line. Source: REF 8.4
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/local_bytes.h"

namespace fanfare::sockjs {

// Whole lines, with the framing of one chunk (RFC 9112 section 7.1) around them: an answer that is sent in chunks takes
// all of it, any other the lines alone.
struct Lines {
  LocalSlice chunk;               // "1f\r\n" lines "\r\n"
  std::uint32_t begin = 0;        // of the lines, in chunk.bytes
  std::uint32_t end = 0;          //
  std::uint32_t count = 0;        // how many
  std::uint32_t utf16_units = 0;  // as the client counts their characters

  std::size_t size() const noexcept { return end - begin; }
  LocalSlice bare() const { return {chunk.bytes, begin, end}; }
  std::string_view text() const noexcept { return as_text({chunk.bytes.data() + begin, size()}); }
};

// Gathers lines. Reusable; keeps the memory of small ones.
class LinesBuilder {
 public:
  void open() { add("o"); }
  void heartbeat() { add("h"); }
  // `payload` is valid UTF-8.
  void message(std::string_view payload);
  void close(std::uint16_t code, std::string_view reason);

  // The lines so far in memory of their own; empty again.
  Lines take();

 private:
  void add(std::string_view line);

  std::string text_;
  std::uint32_t count_ = 0;
};

// 2048 times 'h' and a line feed: what old browsers and buffering proxies want to have before they hand anything on.
// Parsed, it is a heartbeat.
const Lines& prelude();

// Code units of UTF-16 of valid UTF-8: what String.length counts in a browser.
std::size_t utf16_units_of(std::string_view text) noexcept;

}  // namespace fanfare::sockjs
