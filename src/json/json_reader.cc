#include "json/json_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <type_traits>

#include <simdjson.h>

#include "base/bytes.h"

namespace fanfare::json {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kFirstBytes = 1024;
// Buffers above this are given back by the next document that needs less.
constexpr std::size_t kKeptBytes = 64 * kKiB;
constexpr std::size_t kKeptMembers = 4096;
// simdjson keeps a position per level, so its own bound (1024) would cost more than most documents.
constexpr std::size_t kDepthCapacity = 256;

constexpr std::string_view kWhiteSpace = " \n\r\t";

std::string_view trimmed_right(std::string_view text) noexcept {
  // Most documents have no white space there, and no other byte up to a space can end a token.
  if (!text.empty() && static_cast<unsigned char>(text.back()) > ' ') return text;
  return text.substr(0, text.find_last_not_of(kWhiteSpace) + 1);
}

std::string_view between(const char* from, const char* to) noexcept {
  return {from, static_cast<std::size_t>(to - from)};
}

// simdjson checks a string's bytes before it resolves escapes, and releases differ in which lone surrogates they let
// pass after that. One would be three bytes that begin with ED, which no UTF-8 has.
bool has_lone_surrogate(std::string_view decoded) noexcept {
  return decoded.find('\xED') != std::string_view::npos && !simdjson::validate_utf8(decoded.data(), decoded.size());
}

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

Kind kind_of(ondemand::json_type type) noexcept {
  switch (type) {
    case ondemand::json_type::array:
      return Kind::kArray;
    case ondemand::json_type::object:
      return Kind::kObject;
    case ondemand::json_type::number:
      return Kind::kNumber;
    case ondemand::json_type::string:
      return Kind::kString;
    case ondemand::json_type::boolean:
      return Kind::kBool;
    case ondemand::json_type::null:
      return Kind::kNull;
  }
  return Kind::kNull;
}

static_assert(kSpareBytes >= simdjson::SIMDJSON_PADDING);

// Zeros in the spare bytes behind a document that is read in place, which may be the next request's.
class BorrowedZeros {
 public:
  explicit BorrowedZeros(std::uint8_t* spare) noexcept : spare_(spare) {
    std::memcpy(kept_.data(), spare_, kept_.size());
    std::memset(spare_, 0, kept_.size());
  }
  BorrowedZeros(const BorrowedZeros&) = delete;
  BorrowedZeros& operator=(const BorrowedZeros&) = delete;
  ~BorrowedZeros() { std::memcpy(spare_, kept_.data(), kept_.size()); }

 private:
  std::uint8_t* const spare_;
  std::array<std::uint8_t, simdjson::SIMDJSON_PADDING> kept_;
};

}  // namespace

struct Reader::Buffers {
  // The document, with the zeros behind it that keep simdjson from running on. `document` may be a view of this reader.
  std::string_view copied(std::string_view document) {
    const std::size_t wanted = wanted_capacity(padded_capacity, document.size());
    if (wanted == padded_capacity) {
      copy(padded.get(), document);
    } else {
      auto grown = std::make_unique<char[]>(wanted + simdjson::SIMDJSON_PADDING);
      copy(grown.get(), document);
      padded = std::move(grown);
      padded_capacity = wanted;
    }
    return {padded.get(), document.size()};
  }

  // Room for what simdjson notes of a document of that size. Decoded strings of the last one are gone.
  simdjson::error_code make_room(std::size_t document_bytes) {
    const std::size_t wanted = wanted_capacity(capacity, document_bytes);
    if (wanted == capacity) return simdjson::SUCCESS;
    capacity = 0;
    const simdjson::error_code error = parser.allocate(wanted, kDepthCapacity);
    if (error == simdjson::SUCCESS) capacity = wanted;
    return error;
  }

  std::size_t wanted_capacity(std::size_t now, std::size_t document_bytes) const noexcept {
    std::size_t wanted = now;
    if (now == 0 || document_bytes > now) wanted = std::max({document_bytes, 2 * now, kFirstBytes});
    if (now > kKeptBytes && document_bytes <= kKeptBytes) wanted = std::max(document_bytes, kFirstBytes);
    return std::min(wanted, parser.max_capacity());
  }

  static void copy(char* to, std::string_view document) noexcept {
    if (!document.empty()) std::memmove(to, document.data(), document.size());
    std::memset(to + document.size(), 0, simdjson::SIMDJSON_PADDING);
  }

  ondemand::parser parser;
  std::size_t capacity = 0;  // of the parser
  std::unique_ptr<char[]> padded;
  std::size_t padded_capacity = 0;
  // Of the containers that are being read: those of the innermost are last.
  std::vector<Field> open_fields;
  std::vector<Value> open_elements;
};

// One walk over a document. Its functions say whether to go on; the fault is kept for the message. They stop at the
// first fault, as simdjson demands.
class Walker {
 public:
  // Behind `padded` there are zeros.
  Walker(Reader& reader, std::string_view padded, const ReadLimits& limits)
      : reader_(reader), text_(padded), limits_(limits), has_escapes_(padded.find('\\') != std::string_view::npos) {}

  Status run() {
    const simdjson::error_code error =
        reader_.buffers_->parser.iterate(text_.data(), text_.size(), allocated()).get(document_);
    if (error != simdjson::SUCCESS) return unreadable(error);
    if (!root()) return failure();
    return {};
  }

 private:
  std::size_t allocated() const noexcept { return text_.size() + simdjson::SIMDJSON_PADDING; }

  bool fail(std::string_view why, const char* at) noexcept {
    fault_ = why;
    fault_at_ = static_cast<std::size_t>(at - text_.data());
    return false;
  }
  bool fail(simdjson::error_code error, const char* at) noexcept { return fail(simdjson::error_message(error), at); }
  bool fail(simdjson::error_code error) noexcept { return fail(error, location()); }

  Error failure() const {
    return invalid("invalid JSON at byte " + std::to_string(fault_at_) + ": " + std::string(fault_));
  }

  // A document that fails as a whole. simdjson does not say where; some places are plain.
  Error unreadable(simdjson::error_code error) {
    const char* const end = text_.data() + text_.size();
    if (error == simdjson::UTF8_ERROR) {
      fail(error, text_.data() + first_invalid_utf8(text_));
    } else if (error == simdjson::EMPTY || error == simdjson::UNCLOSED_STRING) {
      fail(error, end);
    } else {
      return invalid("invalid JSON: " + std::string(simdjson::error_message(error)));
    }
    return failure();
  }

  // Where the next token begins; behind the document if there is none.
  const char* location() noexcept {
    const char* const end = text_.data() + text_.size();
    const char* at = nullptr;
    if (document_.current_location().get(at) != simdjson::SUCCESS) return end;
    return std::min(at, end);
  }

  bool root() {
    Value& root = reader_.root_;
    const char* const start = location();
    ondemand::json_type type{};
    if (const auto error = document_.type().get(type)) return fail(error, start);
    root.kind = kind_of(type);
    root.raw = trimmed_right(between(start, text_.data() + text_.size()));
    if (root.is_null()) {
      // simdjson's own check of a document that is `null` looks one byte too far and refuses "null ".
      return root.raw == "null" || fail(simdjson::N_ATOM_ERROR, start);
    }
    if (!root.is_container()) {
      if (!scalar(document_, root)) return false;
    } else if (limits_.depth_max == 0) {
      return fail(simdjson::DEPTH_ERROR, start);
    } else if (!container(document_, root, 1)) {
      return false;
    }
    const char* const behind = location();
    return behind == text_.data() + text_.size() || fail(simdjson::TRAILING_CONTENT, behind);
  }

  // The value that is next, at `depth` (that of a container in it).
  bool value(ondemand::value value, std::size_t depth, Value& kept) {
    const std::string_view token = value.raw_json_token();
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return fail(error, token.data());
    kept.kind = kind_of(type);
    if (!kept.is_container()) {
      kept.raw = trimmed_right(token);
      return scalar(value, kept);
    }
    if (depth > limits_.depth_max) return fail(simdjson::DEPTH_ERROR, token.data());
    if (!container(value, kept, depth)) return false;
    kept.raw = trimmed_right(between(token.data(), location()));
    return true;
  }

  // `source`: a document or a value, which simdjson tells apart and we do not.
  template <typename Source>
  bool scalar(Source& source, Value& kept) {
    switch (kept.kind) {
      case Kind::kString:
        return string(source, kept);
      case Kind::kNumber:
        return number(source, kept.raw);
      case Kind::kBool:
        return boolean(source, kept.raw);
      default:
        if constexpr (std::is_same_v<Source, ondemand::value>) return null(source, kept.raw);
        return fail(simdjson::N_ATOM_ERROR, kept.raw.data());
    }
  }

  // A string without a backslash was checked when the document was indexed, and is what it says.
  template <typename Source>
  bool string(Source& source, Value& kept) {
    const std::string_view token = kept.raw;
    if (has_escapes_ && token.find('\\') != std::string_view::npos) {
      if (const auto error = source.get_string().get(kept.text)) return fail(error, token.data());
      return !has_lone_surrogate(kept.text) || fail(simdjson::STRING_ERROR, token.data());
    }
    ondemand::raw_json_string raw;
    if (const auto error = source.get_raw_json_string().get(raw)) return fail(error, token.data());
    // Something behind the quote is a token of its own; but a root's `raw` is the rest of the document.
    const bool may_go_on = std::is_same_v<Source, ondemand::document>;
    if (may_go_on || token.size() < 2 || token.back() != '"') {
      const std::size_t end = token.find('"', 1);
      if (end != token.size() - 1)
        return fail(simdjson::TRAILING_CONTENT, token.data() + std::min(end + 1, token.size()));
    }
    kept.text = token.substr(1, token.size() - 2);
    return true;
  }

  // simdjson takes NUL for white space behind numbers and words: so tokens are compared too.
  template <typename Source>
  bool number(Source& source, std::string_view token) {
    double ignored = 0;
    const simdjson::error_code error = source.get_double().get(ignored);
    if (error == simdjson::TRAILING_CONTENT) return fail(error, token.data());
    const bool is_good = token.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
    return (error == simdjson::SUCCESS && is_good) || fail(simdjson::NUMBER_ERROR, token.data());
  }

  template <typename Source>
  bool boolean(Source& source, std::string_view token) {
    bool ignored = false;
    if (source.get_bool().get(ignored) == simdjson::SUCCESS && (token == "true" || token == "false")) return true;
    return fail(token[0] == 't' ? simdjson::T_ATOM_ERROR : simdjson::F_ATOM_ERROR, token.data());
  }

  bool null(ondemand::value& source, std::string_view token) {
    bool is_null = false;
    const simdjson::error_code error = source.is_null().get(is_null);
    return (error == simdjson::SUCCESS && is_null && token == "null") || fail(simdjson::N_ATOM_ERROR, token.data());
  }

  template <typename Source>
  bool container(Source& source, Value& kept, std::size_t depth) {
    if (kept.kind == Kind::kArray) {
      ondemand::array array;
      if (const auto error = source.get_array().get(array)) return fail_to_start(error);
      std::vector<Value>& open = reader_.buffers_->open_elements;
      const std::size_t first = open.size();
      if (!elements(array, depth)) return false;
      keep(open, first, reader_.elements_, kept);
      return true;
    }
    ondemand::object object;
    if (const auto error = source.get_object().get(object)) return fail_to_start(error);
    std::vector<Field>& open = reader_.buffers_->open_fields;
    const std::size_t first = open.size();
    if (!members(object, depth)) return false;
    keep(open, first, reader_.fields_, kept);
    return true;
  }

  // A root whose bracket is not the last token: simdjson looks there first.
  bool fail_to_start(simdjson::error_code error) noexcept { return fail(error, text_.data() + text_.size()); }

  // The parts of a container that ends here go together, behind those of the containers in it.
  template <typename Part>
  static void keep(std::vector<Part>& open, std::size_t first, std::vector<Part>& parts, Value& kept) {
    kept.parts_begin = static_cast<std::uint32_t>(parts.size());
    kept.parts_count = static_cast<std::uint32_t>(open.size() - first);
    parts.insert(parts.end(), open.begin() + static_cast<std::ptrdiff_t>(first), open.end());
    open.resize(first);
  }

  bool members(ondemand::object object, std::size_t depth) {
    Field kept;
    for (auto field : object) {
      if (field.error() != simdjson::SUCCESS) return fail(field.error());
      const char* const at = field.key().value_unsafe().raw() - 1;
      if (const auto error = field.unescaped_key().get(kept.key)) return fail(error, at);
      if (has_escapes_ && has_lone_surrogate(kept.key)) return fail(simdjson::STRING_ERROR, at);
      kept.value = Value{};
      if (!value(field.value().value_unsafe(), depth + 1, kept.value)) return false;
      if (depth > limits_.kept_depth) continue;
      if (++kept_parts_ > limits_.members_max) return fail("too many members", at);
      reader_.buffers_->open_fields.push_back(kept);
    }
    return true;
  }

  bool elements(ondemand::array array, std::size_t depth) {
    for (auto element : array) {
      if (element.error() != simdjson::SUCCESS) return fail(element.error());
      Value kept;
      if (!value(element.value_unsafe(), depth + 1, kept)) return false;
      if (depth > limits_.kept_depth) continue;
      if (++kept_parts_ > limits_.members_max) return fail("too many elements", kept.raw.data());
      reader_.buffers_->open_elements.push_back(kept);
    }
    return true;
  }

  Reader& reader_;
  const std::string_view text_;
  const ReadLimits& limits_;
  const bool has_escapes_;  // most documents have none, and are not searched again string by string
  ondemand::document document_;
  std::size_t kept_parts_ = 0;
  std::string_view fault_;
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

Reader::Reader() noexcept = default;
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

namespace {

template <typename Part>
void empty_out(std::vector<Part>& parts) noexcept {
  parts.clear();
  if (parts.capacity() > kKeptMembers) parts = std::vector<Part>();
}

}  // namespace

void Reader::forget() noexcept {
  root_ = Value{};
  empty_out(fields_);
  empty_out(elements_);
  if (buffers_ == nullptr) return;
  empty_out(buffers_->open_fields);
  empty_out(buffers_->open_elements);
}

Status Reader::parse(const Input& document, const ReadLimits& limits) {
  FANFARE_ASSERT(limits.depth_max < kDepthCapacity);
  forget();
  if (buffers_ == nullptr) buffers_ = std::make_unique<Buffers>();

  const auto unread = [](simdjson::error_code error) {
    return invalid("invalid JSON: " + std::string(simdjson::error_message(error)));
  };
  const std::size_t size = document.text().size();
  if (size > buffers_->parser.max_capacity()) return unread(simdjson::CAPACITY);
  const std::string_view padded = document.spare_ == nullptr ? buffers_->copied(document.text()) : document.text();
  if (const auto error = buffers_->make_room(size); error != simdjson::SUCCESS) return unread(error);
  std::optional<BorrowedZeros> zeros;
  if (document.spare_ != nullptr) zeros.emplace(document.spare_);
  Status status = Walker(*this, padded, limits).run();
  if (!status.ok()) forget();
  return status;
}

Status Reader::parse_object(const Input& document, const ReadLimits& limits) {
  Status status = parse(document, limits);
  if (!status.ok() || root_.is_object()) return status;
  return invalid("expected a JSON object, found " + std::string(describe(root_.kind)));
}

std::span<const Field> Reader::fields(const Value& object) const noexcept {
  if (!object.is_object()) return {};
  return std::span(fields_).subspan(object.parts_begin, object.parts_count);
}

std::span<const Value> Reader::elements(const Value& array) const noexcept {
  if (!array.is_array()) return {};
  return std::span(elements_).subspan(array.parts_begin, array.parts_count);
}

const Value* Reader::find(const Value& object, std::string_view key) const noexcept {
  const std::span<const Field> members = fields(object);
  for (std::size_t i = members.size(); i > 0; --i) {
    if (members[i - 1].key == key) return &members[i - 1].value;
  }
  return nullptr;
}

void append_compact(std::string& out, std::string_view raw) {
  const std::size_t before = out.size();
  // simdjson writes whole vectors.
  out.resize(before + raw.size() + simdjson::SIMDJSON_PADDING);
  std::size_t written = 0;
  const simdjson::error_code error = simdjson::minify(raw.data(), raw.size(), out.data() + before, written);
  FANFARE_ASSERT(error == simdjson::SUCCESS);  // the token was checked
  out.resize(before + written);
}

std::string compact(std::string_view raw) {
  std::string out;
  append_compact(out, raw);
  return out;
}

}  // namespace fanfare::json
