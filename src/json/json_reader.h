// JSON from strangers: simdjson, asked for everything that a document holds, and keeping what our callers need.
//
// A document is validated whole (RFC 8259: UTF-8, escapes, surrogate pairs, numbers' grammar, nesting, nothing behind
// it); the members of its root, and of as many levels below as are asked for, are kept, each with the token as it was
// received, so that it can be spliced into another document without being escaped again. What lies deeper is walked,
// not kept: ask for more levels, or read `raw` with another reader.
//
// Refused although RFC 8259 has it: a number beyond the range of a double (1e400), an exponent of 20 digits or more,
// and a number of more than 1082 characters that is a document of its own. Integers of any length within that range
// pass, and keep their token.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"

namespace fanfare::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

// "a string", "an object": for error messages.
std::string_view describe(Kind kind) noexcept;

struct Value {
  Kind kind = Kind::kNull;
  std::string_view raw;   // the token as received, trimmed: strings with quotes and escapes, containers whole
  std::string_view text;  // kString: decoded, so text.size() is its bytes of UTF-8; else empty
  // A kept container's members or elements, which its Reader has: see fields(object), elements(array).
  std::uint32_t parts_begin = 0;
  std::uint32_t parts_count = 0;

  bool is_null() const noexcept { return kind == Kind::kNull; }
  bool is_string() const noexcept { return kind == Kind::kString; }
  bool is_object() const noexcept { return kind == Kind::kObject; }
  bool is_array() const noexcept { return kind == Kind::kArray; }
  bool is_container() const noexcept { return is_object() || is_array(); }
  // Empty: not a boolean.
  std::optional<bool> boolean() const noexcept;
  // Empty: not a number, not written as an integer (1.0, 1e3), or beyond 64 bits.
  std::optional<std::int64_t> integer() const noexcept;
};

struct Field {
  std::string_view key;  // decoded
  Value value;
};

// A document to read.
class Input {
 public:
  // Copied into the reader: needs nothing behind it, and may go away afterwards.
  template <std::convertible_to<std::string_view> Text>
  Input(const Text& text) : text_(text) {}  // NOLINT(google-explicit-constructor): any text is an input
  // Read where it lies, so that the values are views into it and last no longer than it does. `spare_bytes` more bytes
  // of the same memory lie behind it, whatever they hold: they are written during the parse, and are afterwards what
  // they were. With fewer than kSpareBytes of them the document is copied.
  Input(MutableBytes document, std::size_t spare_bytes)
      : text_(as_text(document)), spare_(spare_bytes < kSpareBytes ? nullptr : document.data() + document.size()) {}

  std::string_view text() const noexcept { return text_; }
  bool is_empty() const noexcept { return text_.empty(); }

 private:
  friend class Reader;

  std::string_view text_;
  std::uint8_t* spare_ = nullptr;  // null: to be copied
};

struct ReadLimits {
  std::size_t depth_max = 32;         // the root object is at depth 1; at most 255
  std::size_t kept_depth = 1;         // containers down to this depth keep their members
  std::size_t members_max = 100'000;  // kept ones, of all containers; at most 2^32 - 1
};

// Keep one per thread and purpose: its buffers are reused, so that a parse allocates nothing once they have grown.
//
// Thread: one. Owns: a padded copy of the document, unless that is read in place, and the decoded strings. Every view
// that it gives points there, and lives until the next parse of this Reader.
class Reader {
 public:
  Reader() noexcept;
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // Drops what the previous parse gave. A document that is copied may be a view of this very reader.
  // Fails: kInvalid, "invalid JSON at byte 17: <simdjson's text>"; without the place where simdjson has none.
  Status parse(const Input& document, const ReadLimits& limits = {});
  // The same, and the root must be an object.
  Status parse_object(const Input& document, const ReadLimits& limits = {});

  const Value& root() const noexcept { return root_; }
  // Members of the root, or of a value of this reader, in their order; a repeated key appears each time. None: it is no
  // object, or lies below the kept depth.
  std::span<const Field> fields() const noexcept { return fields(root_); }
  std::span<const Field> fields(const Value& object) const noexcept;
  // Elements of the root, or of a value of this reader. None: it is no array, or lies below the kept depth.
  std::span<const Value> elements() const noexcept { return elements(root_); }
  std::span<const Value> elements(const Value& array) const noexcept;
  // Of a repeated key the last one, as JSON.parse has it. Null: no such key.
  const Value* find(std::string_view key) const noexcept { return find(root_, key); }
  const Value* find(const Value& object, std::string_view key) const noexcept;

 private:
  friend class Walker;

  struct Buffers;  // keeps simdjson out of this header

  void forget() noexcept;

  std::unique_ptr<Buffers> buffers_;
  Value root_;
  // Those of one container lie together.
  std::vector<Field> fields_;
  std::vector<Value> elements_;
};

// Appends `raw`, a token that a Reader gave, without the white space between its parts. Strings and numbers stay as
// they were written, repeated keys stay repeated.
void append_compact(std::string& out, std::string_view raw);
std::string compact(std::string_view raw);

}  // namespace fanfare::json
