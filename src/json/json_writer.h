// JSON, appended to a string. What is escaped is what JSON.stringify escapes: `"`, `\` and control characters.
//
// Text is taken to be valid UTF-8; everything that a Reader decoded is.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace fanfare::json {

// The inside of a JSON string, without quotes.
void append_escaped(std::string& out, std::string_view text);
// The inside of a JSON string that lies inside a JSON string.
void append_escaped_twice(std::string& out, std::string_view text);
// With quotes.
void append_string(std::string& out, std::string_view text);

void append_unsigned(std::string& out, std::uint64_t value);
void append_signed(std::string& out, std::int64_t value);
template <std::integral T>
void append_integer(std::string& out, T value) {
  if constexpr (std::signed_integral<T>) {
    append_signed(out, value);
  } else {
    append_unsigned(out, value);
  }
}

// Puts the commas. The caller nests properly: begin and end pair up, keys only in objects.
//
//   Writer json(out);
//   json.begin_object().key("channels").begin_array().string("orders").end_array().end_object();
//   {"channels":["orders"]}
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object() { return open('{'); }
  Writer& end_object() { return close('}'); }
  Writer& begin_array() { return open('['); }
  Writer& end_array() { return close(']'); }

  Writer& key(std::string_view name);
  Writer& string(std::string_view text);
  Writer& raw(std::string_view token);  // spliced as it is
  Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
  Writer& null() { return raw("null"); }
  template <std::integral T>
  Writer& integer(T value) {
    separate();
    append_integer(out_, value);
    needs_comma_ = true;
    return *this;
  }

 private:
  void separate() {
    if (needs_comma_) out_.push_back(',');
  }
  Writer& open(char bracket);
  Writer& close(char bracket);

  std::string& out_;
  bool needs_comma_ = false;
};

}  // namespace fanfare::json
