#include "sockjs/lines.h"

#include <charconv>
#include <utility>

#include "base/assert.h"
#include "json/json_writer.h"

namespace fanfare::sockjs {

namespace {

constexpr std::size_t kPreludeBytes = 2048;
constexpr std::size_t kKeptBytesMax = 64 * kKiB;

}  // namespace

void LinesBuilder::add(std::string_view line) {
  text_ += line;
  text_ += '\n';
  ++count_;
}

void LinesBuilder::message(std::string_view payload) {
  text_ += "a[";
  json::append_string(text_, payload);
  text_ += "]\n";
  ++count_;
}

void LinesBuilder::close(std::uint16_t code, std::string_view reason) {
  text_ += "c[";
  json::append_integer(text_, code);
  text_ += ',';
  json::append_string(text_, reason);
  text_ += "]\n";
  ++count_;
}

Lines LinesBuilder::take() {
  char head[16];
  char* const digits_end = std::to_chars(head, head + sizeof(head), text_.size(), 16).ptr;
  const std::string_view length(head, static_cast<std::size_t>(digits_end - head));
  FANFARE_ASSERT(text_.size() <= 0xFFFF'FF00U);  // one event's frames

  Lines lines;
  SharedBytes chunk = SharedBytes::with_capacity(length.size() + text_.size() + 4);
  chunk.append(length);
  chunk.append("\r\n");
  lines.begin = static_cast<std::uint32_t>(chunk.size());
  chunk.append(text_);
  lines.end = static_cast<std::uint32_t>(chunk.size());
  chunk.append("\r\n");
  const auto size = static_cast<std::uint32_t>(chunk.size());
  lines.chunk = LocalSlice(LocalBytes(std::move(chunk)), 0, size);
  lines.count = std::exchange(count_, 0);
  lines.utf16_units = static_cast<std::uint32_t>(utf16_units_of(text_));
  text_.clear();
  if (text_.capacity() > kKeptBytesMax) text_ = {};
  return lines;
}

const Lines& prelude() {
  // A loop's shares are counted plainly, so each thread has one of its own.
  thread_local const Lines lines = [] {
    const std::string text = "801\r\n" + std::string(kPreludeBytes, 'h') + "\n\r\n";
    Lines made;
    made.chunk = LocalSlice::copy_of(as_bytes(text));
    made.begin = 5;
    made.end = made.begin + kPreludeBytes + 1;
    made.count = 1;
    made.utf16_units = kPreludeBytes + 1;
    return made;
  }();
  return lines;
}

std::size_t utf16_units_of(std::string_view text) noexcept {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0U) != 0x80U ? 1 : 0;  // each character's first byte
    units += byte >= 0xF0U ? 1 : 0;            // four bytes are a surrogate pair
  }
  return units;
}

}  // namespace fanfare::sockjs
