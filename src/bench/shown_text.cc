#include "bench/shown_text.h"

#include "base/bytes.h"
#include "ws/utf8.h"

namespace fanfare::bench {

namespace {

constexpr std::size_t kShownBytes = 200;

// C1 controls, U+0080 to U+009F, which steer a terminal as those of ASCII do.
bool has_late_controls(std::string_view text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i - 1] == '\xC2' && static_cast<unsigned char>(text[i]) < 0xA0) return true;
  }
  return false;
}

bool is_space(char c) noexcept { return static_cast<unsigned char>(c) <= ' ' || c == '\x7F'; }

}  // namespace

std::string shown_text(std::string_view text) {
  const bool is_fit = ws::is_valid_utf8(as_bytes(text)) && !has_late_controls(text);
  std::string shown;
  bool is_behind_space = true;
  for (const char c : is_fit ? ws::utf8_prefix(text, kShownBytes) : text.substr(0, kShownBytes)) {
    if (!is_space(c)) {
      shown += is_fit || static_cast<unsigned char>(c) < 0x80 ? c : '?';
    } else if (!is_behind_space) {
      shown += ' ';
    }
    is_behind_space = is_space(c);
  }
  if (!shown.empty() && shown.back() == ' ') shown.pop_back();
  return shown;
}

std::string shown_answer(std::string_view answer) {
  constexpr std::string_view kHeadEnd = "\r\n\r\n";
  const std::size_t head_end = answer.find(kHeadEnd);
  if (!answer.starts_with("HTTP/") || head_end == std::string_view::npos) return shown_text(answer);
  const std::string_view body = answer.substr(head_end + kHeadEnd.size());
  std::string text(answer.substr(0, answer.find("\r\n")));
  if (!body.empty()) text.append(": ").append(body);
  return shown_text(text);
}

}  // namespace fanfare::bench
