#include "pusher/signed_query.h"

#include <algorithm>

namespace fanfare::pusher {
namespace {

// 0 … 15, or 16 for a character that is no digit.
constexpr unsigned hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a') + 10;
  return 16;
}

constexpr bool is_unreserved(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

constexpr bool is_upper_case(char c) noexcept { return c >= 'A' && c <= 'Z'; }
constexpr char to_lower(char c) noexcept { return is_upper_case(c) ? static_cast<char>(c | 0x20) : c; }

bool has_upper_case(std::string_view text) noexcept { return std::any_of(text.begin(), text.end(), is_upper_case); }

// `lower`: without upper case.
bool starts_with_folded(std::string_view text, std::string_view lower) noexcept {
  return text.size() >= lower.size() && std::equal(lower.begin(), lower.end(), text.begin(),
                                                   [](char expected, char c) { return expected == to_lower(c); });
}

}  // namespace

void append_percent_decoded(std::string& out, std::string_view text, PlusSign plus) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus == PlusSign::kIsSpace) {
      out.push_back(' ');
    } else if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) < 16 && hex_value(text[i + 2]) < 16) {
      out.push_back(static_cast<char>((hex_value(text[i + 1]) << 4U) | hex_value(text[i + 2])));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
}

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_unreserved(c)) {
      out.push_back(c);
    } else {
      out.push_back('%');
      out.push_back(kDigits[static_cast<unsigned char>(c) >> 4U]);
      out.push_back(kDigits[static_cast<unsigned char>(c) & 0x0FU]);
    }
  }
}

std::string_view SignedQuery::decode(std::string_view text, PlusSign plus, bool lower_case) {
  const std::size_t from = decoded_.size();
  append_percent_decoded(decoded_, text, plus);
  if (lower_case) {
    for (std::size_t i = from; i < decoded_.size(); ++i) decoded_[i] = to_lower(decoded_[i]);
  }
  return std::string_view(decoded_).substr(from);
}

// By insertion: stable, without a buffer, and a signed query has a handful of parameters, nearly sorted.
// Returns whether it came in order.
bool SignedQuery::add(std::string_view key, std::string_view value) {
  parameters_.push_back({key, value});
  std::size_t place = parameters_.size() - 1;
  for (; place > 0 && parameters_[place].key < parameters_[place - 1].key; --place) {
    std::swap(parameters_[place], parameters_[place - 1]);
  }
  return place + 1 == parameters_.size();
}

bool SignedQuery::parse(std::string_view raw, PlusSign plus) {
  parameters_.clear();
  signature_.reset();
  canonical_.reset();
  decoded_.clear();
  decoded_.reserve(raw.size());  // decoding never lengthens, so no view moves
  // Asked once for all of it: nearly every query is so.
  const bool is_plain = raw.find('%') == std::string_view::npos && raw.find('+') == std::string_view::npos;
  bool is_canonical = is_plain;
  std::size_t pairs = 0;
  std::string_view rest = raw;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    if (pair.empty()) {
      is_canonical = false;
      continue;
    }
    if (++pairs > kParametersMax) {
      parameters_.clear();
      signature_.reset();
      return false;
    }
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string_view key = pair.substr(0, equals);
    std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    if (!is_plain || has_upper_case(key)) {
      key = decode(key, plus, true);
      is_canonical = false;
    }
    if (!is_plain) value = decode(value, plus, false);
    if (key == "auth_signature") {
      if (!signature_) signature_ = value;
      continue;
    }
    const bool is_next = add(key, value);
    is_canonical = is_canonical && is_next && equals != pair.size() && !signature_;
  }
  if (is_canonical && !parameters_.empty()) {
    const std::string_view last = parameters_.back().value;
    canonical_ = raw.substr(0, static_cast<std::size_t>(last.data() + last.size() - raw.data()));
  }
  return true;
}

bool SignedQuery::asks_for_more() const noexcept {
  return !std::all_of(parameters_.begin(), parameters_.end(),
                      [](const QueryParameter& parameter) { return belongs_to_signature(parameter.key); });
}

const QueryParameter* SignedQuery::find(std::string_view key) const noexcept {
  for (const QueryParameter& parameter : parameters_) {
    if (parameter.key == key) return &parameter;
  }
  return nullptr;
}

void SignedQuery::append_canonical(std::string& out) const {
  if (canonical_) {
    out += *canonical_;
    return;
  }
  bool needs_separator = false;
  for (const QueryParameter& parameter : parameters_) {
    if (needs_separator) out.push_back('&');
    out += parameter.key;
    out.push_back('=');
    out += parameter.value;
    needs_separator = true;
  }
}

bool belongs_to_signature(std::string_view key) noexcept {
  constexpr std::string_view kPrefix = "auth_";
  constexpr std::string_view kDigest = "body_md5";
  if (key.starts_with(kPrefix) || key == kDigest) return true;  // nearly always, and cheaper
  return starts_with_folded(key, kPrefix) || (key.size() == kDigest.size() && starts_with_folded(key, kDigest));
}

}  // namespace fanfare::pusher
