// JSON from strangers: simdjson, asked for everything that a document holds, and keeping what our callers need.
//
// A document is validated whole (RFC 8259: UTF-8, escapes, surrogate pairs, numbers' grammar, nesting, nothing behind
// it); of its root, the direct members are kept, each with the token as it was received, so that it can be spliced into
// another document without being escaped again. What lies deeper is walked, not kept: read `raw` with another reader.
//
// Refused although RFC 8259 has it: a number beyond the range of a double (1e400), an exponent of 20 digits or more,
// and a number of more than 1082 characters that is a document of its own. Integers of any length within that range
// pass, and keep their token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fanfare::json {

enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString, kArray, kObject };

// "a string", "an object": for error messages.
std::string_view describe(Kind kind) noexcept;

struct Value {
  Kind kind = Kind::kNull;
  std::string_view raw;   // the token as received, trimmed: strings with quotes and escapes, containers whole
  std::string_view text;  // kString: decoded, so text.size() is its bytes of UTF-8; else empty

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

struct ReadLimits {
  std::size_t depth_max = 32;         // the root object is at depth 1; at most 255
  std::size_t members_max = 100'000;  // direct members of the root
};

// Keep one per thread and purpose: its buffers are reused, so that a parse allocates nothing once they have grown.
//
// Thread: one. Owns: a padded copy of the document and the decoded strings. Every view that it gives points into the
// Reader, not into the caller's document, and lives until the next parse of this Reader.
class Reader {
 public:
  Reader() noexcept;
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  // Reads `document`, which needs no padding and may go away afterwards. Drops what the previous parse gave.
  // Fails: kInvalid, "invalid JSON at byte 17: <simdjson's text>"; without the place where simdjson has none.
  Status parse(std::string_view document, const ReadLimits& limits = {});
  // The same, and the root must be an object.
  Status parse_object(std::string_view document, const ReadLimits& limits = {});

  const Value& root() const noexcept { return root_; }
  // Members of a root object in their order; a repeated key appears each time.
  std::span<const Field> fields() const noexcept { return fields_; }
  // Elements of a root array.
  std::span<const Value> elements() const noexcept { return elements_; }
  // Of a repeated key the last one, as JSON.parse has it. Null: no such key.
  const Value* find(std::string_view key) const noexcept;

 private:
  friend class Walker;

  struct Buffers;  // keeps simdjson out of this header

  void forget() noexcept;

  std::unique_ptr<Buffers> buffers_;
  Value root_;
  std::vector<Field> fields_;
  std::vector<Value> elements_;
};

// Appends `raw`, a token that a Reader gave, without the white space between its parts. Strings and numbers stay as
// they were written, repeated keys stay repeated.
void append_compact(std::string& out, std::string_view raw);
std::string compact(std::string_view raw);

}  // namespace fanfare::json
