#include "config/dotted_keys.h"

namespace fanfare::config {

namespace {

// Reads TOML just well enough to tell its keys from its strings and comments.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::optional<Place> run() {
    std::size_t dots = 0;
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      switch (letter) {
        case '#':
          skip_comment();
          continue;
        case '"':
        case '\'':
          skip_string(letter);
          continue;
        case '.':
          if (++dots > kKeyDotsMax) return place();
          break;
        case '\n':
        case ',':
        case '=':
        case '{':
        case '}':
        case '[':
        case ']':
          dots = 0;
          break;
        default:
          break;
      }
      advance();
    }
    return std::nullopt;
  }

 private:
  void advance() {
    if (text_[at_] == '\n') {
      ++line_;
      line_begin_ = at_ + 1;
    }
    ++at_;
  }

  Place place() const {
    return {.line = static_cast<std::uint32_t>(line_), .column = static_cast<std::uint32_t>(at_ - line_begin_ + 1)};
  }

  void skip_comment() {
    while (at_ < text_.size() && text_[at_] != '\n') advance();
  }

  std::size_t quotes_here(char quote) const {
    std::size_t count = 0;
    while (at_ + count < text_.size() && text_[at_ + count] == quote) ++count;
    return count;
  }

  void skip_string(char quote) {
    const std::size_t opening = quotes_here(quote);
    if (opening == 2) {  // an empty string
      at_ += 2;
      return;
    }
    const bool has_many_lines = opening >= 3;
    at_ += has_many_lines ? 3 : 1;
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      if (letter == '\n' && !has_many_lines) return;  // a syntax error, for the parser to name
      if (letter == '\\' && quote == '"') {
        advance();
        if (at_ < text_.size()) advance();
        continue;
      }
      if (letter != quote) {
        advance();
        continue;
      }
      const std::size_t closing = quotes_here(quote);
      if (!has_many_lines) {
        ++at_;
        return;
      }
      at_ += closing > 5 ? 5 : closing;  // two quotes may stand before the three that close
      if (closing >= 3) return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
};

}  // namespace

std::optional<Place> overlong_dotted_key(std::string_view text) { return Scanner(text).run(); }

}  // namespace fanfare::config
