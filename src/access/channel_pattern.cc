#include "access/channel_pattern.h"

#include <algorithm>

#include "pusher/quote.h"

namespace fanfare::access {
namespace {

using pusher::ChannelKind;

bool is_channel_text(std::string_view text) noexcept {
  // Of a name's two tests only the characters': the length is the caller's business.
  return text.empty() || (text.front() != '#' && pusher::is_valid_channel_name(text, text.size()));
}

bool is_variable_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

Error invalid_pattern(std::string_view text, std::string_view why) {
  return invalid("channel \"" + pusher::shortened(text) + "\": " + std::string(why));
}

std::size_t prefix_chars(const ChannelParts& parts) noexcept {
  switch (parts.family) {
    case ChannelParts::Family::kPublic:
      return 0;
    case ChannelParts::Family::kSystem:
      return pusher::kServerToUserPrefix.size();
    case ChannelParts::Family::kPrivate:
      return std::string_view("private-").size() +
             (parts.is_encrypted ? std::string_view("encrypted-").size() : std::size_t{0}) +
             (parts.is_cached ? std::string_view("cache-").size() : std::size_t{0});
    case ChannelParts::Family::kPresence:
      return std::string_view("presence-").size() +
             (parts.is_cached ? std::string_view("cache-").size() : std::size_t{0});
  }
  return 0;
}

ChannelParts::Family family_of(ChannelKind kind) noexcept {
  switch (kind) {
    case ChannelKind::kPublic:
      return ChannelParts::Family::kPublic;
    case ChannelKind::kPrivate:
    case ChannelKind::kPrivateEncrypted:
      return ChannelParts::Family::kPrivate;
    case ChannelKind::kPresence:
      return ChannelParts::Family::kPresence;
    case ChannelKind::kServerToUser:
      return ChannelParts::Family::kSystem;
  }
  return ChannelParts::Family::kSystem;
}

// Where each literal between two variables begins, the first place that fits from the left or from the right.
// `middles` are those literals, `text` what lies between the pattern's two ends. Empty: they do not fit.
std::optional<std::vector<std::size_t>> places_from_left(std::string_view text,
                                                         const std::vector<std::string>& literals) {
  std::vector<std::size_t> places;
  std::size_t from = 0;
  for (std::size_t i = 1; i + 1 < literals.size(); ++i) {
    const std::size_t place = text.find(literals[i], from + 1);  // + 1: a variable is never empty
    if (place == std::string_view::npos) return std::nullopt;
    places.push_back(place);
    from = place + literals[i].size();
  }
  if (from >= text.size()) return std::nullopt;
  return places;
}

std::vector<std::size_t> places_from_right(std::string_view text, const std::vector<std::string>& literals) {
  std::vector<std::size_t> places;
  std::size_t end = text.size();
  for (std::size_t i = literals.size() - 2; i >= 1; --i) {
    // There is one: the places from the left are a way to read the name.
    end = text.rfind(literals[i], end - 1 - literals[i].size());
    places.push_back(end);
  }
  std::ranges::reverse(places);
  return places;
}

}  // namespace

ChannelParts split_channel_name(std::string_view name) noexcept {
  const pusher::ChannelTraits traits = pusher::channel_traits(name);
  ChannelParts parts{.family = family_of(traits.kind),
                     .is_encrypted = traits.kind == ChannelKind::kPrivateEncrypted,
                     .is_cached = traits.cached && traits.kind != ChannelKind::kPublic};
  parts.rest = name.substr(prefix_chars(parts));
  return parts;
}

Result<ChannelPattern> ChannelPattern::parse(std::string_view text) {
  if (text.empty()) return invalid_pattern(text, "it is empty");
  ChannelPattern pattern;
  pattern.text_ = text;
  std::string_view rest = text;
  for (;;) {
    const std::size_t brace = rest.find('{');
    const std::string_view literal = rest.substr(0, brace);
    if (!is_channel_text(literal)) {
      return invalid_pattern(text, "expected characters of A-Za-z0-9_-=@,.; and variables in braces");
    }
    pattern.literals_.emplace_back(literal);
    pattern.literal_chars_ += literal.size();
    if (brace == std::string_view::npos) break;
    if (!pattern.variables_.empty() && literal.empty()) {
      return invalid_pattern(text, "two variables side by side: what belongs to which could not be told");
    }
    const std::size_t end = rest.find('}', brace);
    if (end == std::string_view::npos) return invalid_pattern(text, "a { without its }");
    const std::string_view variable = rest.substr(brace + 1, end - brace - 1);
    if (variable.empty() || !std::ranges::all_of(variable, is_variable_char)) {
      return invalid_pattern(text, "expected a name of A-Za-z0-9_ in braces");
    }
    if (pattern.has_variable(variable)) return invalid_pattern(text, "a variable appears twice");
    if (pattern.variables_.size() == kVariablesMax) return invalid_pattern(text, "more than 4 variables");
    pattern.variables_.emplace_back(variable);
    rest.remove_prefix(end + 1);
  }
  // The family is what the text in front of the first variable says: no variable reaches into it.
  const std::string first = pattern.literals_.front();
  const ChannelParts parts = split_channel_name(first);
  pattern.family_ = parts.family;
  pattern.is_encrypted_ = parts.is_encrypted;
  pattern.is_cached_ = parts.is_cached;
  pattern.literal_prefix_chars_ = first.size();
  pattern.literals_.front() = parts.rest;
  if (pattern.is_exact() && parts.rest.empty()) return invalid_pattern(text, "a prefix alone is no channel");
  return pattern;
}

bool ChannelPattern::covers_form(const ChannelParts& parts) const noexcept {
  if (parts.family != family_) return false;
  const bool is_plain = !is_encrypted_ && !is_cached_;
  return is_plain || (parts.is_encrypted == is_encrypted_ && parts.is_cached == is_cached_);
}

std::optional<Bindings> ChannelPattern::match(std::string_view name) const {
  const ChannelParts parts = split_channel_name(name);
  if (!covers_form(parts)) return std::nullopt;
  if (is_exact()) return parts.rest == literals_.front() ? std::optional(Bindings{}) : std::nullopt;

  const std::string& first = literals_.front();
  const std::string& last = literals_.back();
  if (parts.rest.size() < first.size() + last.size() + variables_.size()) return std::nullopt;
  if (!parts.rest.starts_with(first) || !parts.rest.ends_with(last)) return std::nullopt;
  const std::string_view between = parts.rest.substr(first.size(), parts.rest.size() - first.size() - last.size());
  if (!is_channel_text(between)) return std::nullopt;

  const auto places = places_from_left(between, literals_);
  if (!places || *places != places_from_right(between, literals_)) return std::nullopt;
  Bindings bindings;
  std::size_t from = 0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const std::size_t end = i < places->size() ? (*places)[i] : between.size();
    bindings.push_back({.variable = variables_[i], .value = between.substr(from, end - from)});
    from = end + literals_[i + 1].size();
  }
  return bindings;
}

bool ChannelPattern::has_variable(std::string_view variable) const noexcept {
  return std::ranges::find(variables_, variable) != variables_.end();
}

bool ChannelPattern::precedes(const ChannelPattern& other) const noexcept {
  if (is_exact() != other.is_exact()) return is_exact();
  if (literal_prefix_chars_ != other.literal_prefix_chars_) return literal_prefix_chars_ > other.literal_prefix_chars_;
  return literal_chars_ > other.literal_chars_;
}

bool ChannelPattern::is_same_as(const ChannelPattern& other) const noexcept {
  return family_ == other.family_ && is_encrypted_ == other.is_encrypted_ && is_cached_ == other.is_cached_ &&
         literals_ == other.literals_;
}

}  // namespace fanfare::access
