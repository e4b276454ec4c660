#include "json/json_reader.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <simdjson.h>

#include "base/assert.h"
#include "json/string_scan.h"

namespace fanfare::json {
namespace {

// A buffer above this is given back by the next document that needs less of it.
constexpr std::size_t kKeptBytes = 256 * 1024;
constexpr std::size_t kKeptMembers = 4096;

constexpr bool is_white_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// 0 … 15, or 16 for a character that is no digit.
constexpr std::uint32_t hex_value(char c) noexcept {
  if (is_digit(c)) return static_cast<std::uint32_t>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<std::uint32_t>(lower - 'a' + 10);
  return 16;
}

// What `\c` stands for, or NUL if that is no escape.
constexpr char unescape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return '\0';
  }
}

char* write_utf8(char* to, std::uint32_t code_point) noexcept {
  const auto put = [&to](std::uint32_t byte) { *to++ = static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0U | (code_point >> 6U));
    put(0x80U | (code_point & 0x3FU));
  } else if (code_point < 0x10000) {
    put(0xE0U | (code_point >> 12U));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  } else {
    put(0xF0U | (code_point >> 18U));
    put(0x80U | ((code_point >> 12U) & 0x3FU));
    put(0x80U | ((code_point >> 6U) & 0x3FU));
    put(0x80U | (code_point & 0x3FU));
  }
  return to;
}

bool is_high_surrogate(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xD800U; }
bool is_low_surrogate(std::uint32_t unit) noexcept { return (unit & 0xFC00U) == 0xDC00U; }

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Where the first ill-formed character of `text` begins. simdjson only says whether there is one: skips good blocks.
std::size_t first_invalid_utf8(std::string_view text) noexcept {
  constexpr std::size_t kBlock = 1024;
  const auto is_good = [text](std::size_t from, std::size_t to) {
    return simdjson::validate_utf8(text.data() + from, to - from);
  };
  std::size_t at = 0;
  while (text.size() - at > kBlock) {
    std::size_t next = at + kBlock;
    while (next > at + kBlock - 4 && is_continuation(text[next])) --next;
    if (!is_good(at, next)) break;
    at = next;
  }
  while (at < text.size()) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    const std::size_t next = std::min(at + length, text.size());
    if (!is_good(at, next)) break;
    at = next;
  }
  return at;
}

}  // namespace

// One walk over a document. Its functions say whether to go on; the fault is kept for the message.
class Walker {
 public:
  Walker(Reader& reader, std::string_view document, const ReadLimits& limits)
      : reader_(reader), limits_(limits), begin_(document.data()), at_(begin_), end_(begin_ + document.size()) {}

  Status run() {
    skip_white_space();
    if (!value(reader_.root_, 0)) return failure();
    skip_white_space();
    if (at_ != end_) {
      fail("expected the end");
      return failure();
    }
    return {};
  }

 private:
  bool fail(const char* why) noexcept {
    if (fault_ == nullptr) {
      fault_ = why;
      fault_at_ = static_cast<std::size_t>(at_ - begin_);
    }
    return false;
  }
  Error failure() const {
    return invalid("invalid JSON at byte " + std::to_string(fault_at_) + ": " + std::string(fault_));
  }

  void skip_white_space() noexcept {
    while (at_ != end_ && is_white_space(*at_)) ++at_;
  }
  bool take(char c) noexcept {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }

  // The value that begins here. `depth` is that of the container it lies in; at 0 it is the root, whose members are
  // kept.
  bool value(Value& value, std::size_t depth) {
    if (at_ == end_) return fail("expected a value, the document ends");
    const char* const start = at_;
    bool good = false;
    switch (*at_) {
      case '"':
        value.kind = Kind::kString;
        good = string(depth <= 1 ? &value.text : nullptr);
        break;
      case '{':
      case '[':
        if (depth >= limits_.depth_max) return fail("nested too deeply");
        value.kind = *at_ == '{' ? Kind::kObject : Kind::kArray;
        good = value.kind == Kind::kObject ? object(depth + 1) : array(depth + 1);
        break;
      case 't':
      case 'f':
        value.kind = Kind::kBool;
        good = literal(*at_ == 't' ? "true" : "false");
        break;
      case 'n':
        value.kind = Kind::kNull;
        good = literal("null");
        break;
      default:
        value.kind = Kind::kNumber;
        good = number();
    }
    value.raw = {start, static_cast<std::size_t>(at_ - start)};
    return good;
  }

  bool object(std::size_t depth) {
    const bool is_root = depth == 1;
    ++at_;
    skip_white_space();
    if (take('}')) return true;
    Field field;
    for (std::size_t members = 1;; ++members) {
      if (at_ == end_ || *at_ != '"') return fail("expected a key in quotes");
      if (!string(is_root ? &field.key : nullptr)) return false;
      skip_white_space();
      if (!take(':')) return fail("expected ':' after the key");
      skip_white_space();
      field.value = Value{};
      if (!value(field.value, depth)) return false;
      if (is_root) {
        if (members > limits_.members_max) return fail("too many members");
        reader_.fields_.push_back(field);
      }
      skip_white_space();
      if (take('}')) return true;
      if (!take(',')) return fail("expected ',' or '}' after the value");
      skip_white_space();
    }
  }

  bool array(std::size_t depth) {
    const bool is_root = depth == 1;
    ++at_;
    skip_white_space();
    if (take(']')) return true;
    for (std::size_t members = 1;; ++members) {
      Value element;
      if (!value(element, depth)) return false;
      if (is_root) {
        if (members > limits_.members_max) return fail("too many elements");
        reader_.elements_.push_back(element);
      }
      skip_white_space();
      if (take(']')) return true;
      if (!take(',')) return fail("expected ',' or ']' after the value");
      skip_white_space();
    }
  }

  bool literal(std::string_view word) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(word)) return fail("expected a value");
    at_ += word.size();
    return true;
  }

  bool digits() {
    if (at_ == end_ || !is_digit(*at_)) return fail("expected a digit");
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return true;
  }
  bool number() {
    if (*at_ != '-' && !is_digit(*at_)) return fail("expected a value");
    take('-');
    if (take('0')) {
      if (at_ != end_ && is_digit(*at_)) return fail("a number must not begin with 0");
    } else if (!digits()) {
      return false;
    }
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  // Checks the string that begins here; decodes it too if `text` is given.
  bool string(std::string_view* text) {
    const char* const first = ++at_;
    at_ = find_special(at_, end_);
    if (at_ != end_ && *at_ == '\\') {
      if (!(text != nullptr ? decode_escapes(first, *text) : check_escapes())) return false;
    } else if (text != nullptr) {
      *text = {first, static_cast<std::size_t>(at_ - first)};
    }
    return close_string();
  }

  bool close_string() noexcept {
    if (at_ == end_) return fail("the string does not end");
    if (*at_ != '"') return fail("a control character must be escaped");
    ++at_;
    return true;
  }

  bool check_escapes() noexcept {
    while (at_ != end_ && *at_ == '\\') {
      std::array<char, 4> ignored;
      char* to = ignored.data();
      if (!escape(to)) return false;
      at_ = find_special(at_, end_);
    }
    return true;
  }

  // Stops where check_escapes() does, with [first, at_) decoded.
  bool decode_escapes(const char* first, std::string_view& text) {
    char* to = decoding_place();
    const char* const begin = to;
    to = std::copy(first, at_, to);
    while (at_ != end_ && *at_ == '\\') {
      if (!escape(to)) return false;
      at_ = copy_until_special(at_, end_, to);
    }
    text = {begin, static_cast<std::size_t>(to - begin)};
    decoded_bytes_ += text.size();
    return true;
  }

  // Where the next decoded string goes. A decoded string is never longer than its token: with room for the whole
  // document, and for what copy_until_special() writes beyond, no view moves.
  char* decoding_place() {
    constexpr std::size_t kSpareBytes = 8;
    const std::size_t needed = static_cast<std::size_t>(end_ - begin_) + kSpareBytes;
    if (decoded_bytes_ == 0 && reader_.decoded_.size() < needed) reader_.decoded_.resize(needed);
    return reader_.decoded_.data() + decoded_bytes_;
  }

  // The escape that begins here; what it stands for goes to `to`, which moves on by 1 to 4 bytes.
  bool escape(char*& to) noexcept {
    if (end_ - at_ < 2) {
      at_ = end_;
      return fail("the string does not end");
    }
    if (at_[1] == 'u') return unicode_escape(to);
    const char meaning = unescape(at_[1]);
    if (meaning == '\0') return fail("no such escape");
    *to++ = meaning;
    at_ += 2;
    return true;
  }

  // The four digits behind `\u` at `from`, or 0x10000 and above if they are not all there.
  std::uint32_t code_unit(const char* from) const noexcept {
    constexpr std::uint32_t kBad = 0x10000;
    if (end_ - from < 6 || from[0] != '\\' || from[1] != 'u') return kBad;
    std::uint32_t unit = 0;
    for (int i = 2; i < 6; ++i) {
      const std::uint32_t digit = hex_value(from[i]);
      if (digit > 15) return kBad;
      unit = (unit << 4U) | digit;
    }
    return unit;
  }

  bool unicode_escape(char*& to) noexcept {
    std::uint32_t code_point = code_unit(at_);
    if (code_point > 0xFFFF) return fail("expected four hexadecimal digits after \\u");
    if (is_low_surrogate(code_point)) return fail("a low surrogate without a high one before it");
    std::ptrdiff_t size = 6;
    if (is_high_surrogate(code_point)) {
      const std::uint32_t low = code_unit(at_ + 6);
      if (!is_low_surrogate(low)) return fail("a high surrogate without a low one behind it");
      code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (low - 0xDC00);
      size = 12;
    }
    to = write_utf8(to, code_point);
    at_ += size;
    return true;
  }

  Reader& reader_;
  const ReadLimits& limits_;
  const char* const begin_;
  const char* at_;
  const char* const end_;
  std::size_t decoded_bytes_ = 0;  // used of reader_.decoded_
  const char* fault_ = nullptr;
  std::size_t fault_at_ = 0;
};

std::string_view describe(Kind kind) noexcept {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "a boolean";
    case Kind::kNumber:
      return "a number";
    case Kind::kString:
      return "a string";
    case Kind::kArray:
      return "an array";
    case Kind::kObject:
      return "an object";
  }
  return "";
}

std::optional<bool> Value::boolean() const noexcept {
  if (kind != Kind::kBool) return std::nullopt;
  return raw == "true";
}

std::optional<std::int64_t> Value::integer() const noexcept {
  if (kind != Kind::kNumber) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, fault] = std::from_chars(raw.data(), raw.data() + raw.size(), value);
  if (fault != std::errc{} || end != raw.data() + raw.size()) return std::nullopt;
  return value;
}

Status Reader::parse(std::string_view document, const ReadLimits& limits) {
  root_ = Value{};
  fields_.clear();
  elements_.clear();
  if (decoded_.size() > kKeptBytes && document.size() < kKeptBytes / 2) decoded_ = std::string();
  if (fields_.capacity() > kKeptMembers) fields_ = std::vector<Field>();
  if (elements_.capacity() > kKeptMembers) elements_ = std::vector<Value>();

  if (!simdjson::validate_utf8(document.data(), document.size())) {
    return invalid("invalid JSON at byte " + std::to_string(first_invalid_utf8(document)) + ": not UTF-8");
  }
  Status status = Walker(*this, document, limits).run();
  if (!status.ok()) {
    root_ = Value{};
    fields_.clear();
    elements_.clear();
  }
  return status;
}

Status Reader::parse_object(std::string_view document, const ReadLimits& limits) {
  Status status = parse(document, limits);
  if (!status.ok() || root_.is_object()) return status;
  return invalid("expected a JSON object, found " + std::string(describe(root_.kind)));
}

const Value* Reader::find(std::string_view key) const noexcept {
  for (auto field = fields_.rbegin(); field != fields_.rend(); ++field) {
    if (field->key == key) return &field->value;
  }
  return nullptr;
}

void append_compact(std::string& out, std::string_view raw) {
  const char* at = raw.data();
  const char* const end = at + raw.size();
  const char* run = at;
  while (at != end) {
    if (*at == '"') {
      ++at;
      // The token was checked: every string ends, and a backslash has a character behind it.
      while (*(at = find_special(at, end)) != '"') at += 2;
      ++at;
    } else if (is_white_space(*at)) {
      out.append(run, at);
      while (at != end && is_white_space(*at)) ++at;
      run = at;
    } else {
      ++at;
    }
  }
  out.append(run, at);
}

std::string compact(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  append_compact(out, raw);
  return out;
}

}  // namespace fanfare::json
