// ChannelPattern: which channels a rule is about, and what its variables are bound to by a name.
//
// A pattern is text with variables, "private-user-{user_id}"; a text without any is an exact name. A variable stands
// for one or more characters that channel names may have, dashes included (ids are often UUIDs). The prefix says the
// family, and matches whole: "{x}" and "priv{x}" are about public channels only, "private-{x}" never about a presence
// one.
//
// Forms: a pattern in the plain form, "private-x" or "presence-x", covers every form of it ("private-encrypted-x",
//        "private-cache-x", "private-encrypted-cache-x"; "presence-cache-x"); one that is written in another form
//        covers that form only. So no spelling of a name gets around its rule.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "pusher/channel_name.h"

namespace fanfare::access {

// A channel's name, apart: "private-encrypted-user-7" is a private one, encrypted, of the rest "user-7".
struct ChannelParts {
  enum class Family : unsigned char { kPublic, kPrivate, kPresence, kSystem };  // kSystem: #server-to-user-…

  Family family = Family::kPublic;
  bool is_encrypted = false;
  bool is_cached = false;
  std::string_view rest{};  // public channels: the whole name, "cache-" included
};

// REQUIRES: nothing of `name`; it points into it.
ChannelParts split_channel_name(std::string_view name) noexcept;

// What a variable stands for in one name.
struct Binding {
  std::string_view variable;  // points into the pattern
  std::string_view value;     // points into the name; never empty
};
using Bindings = std::vector<Binding>;

// Immutable. Thread: any.
class ChannelPattern {
 public:
  static constexpr std::size_t kVariablesMax = 4;

  // Fails: kInvalid for an empty text, a character that no channel name has, a brace that does not pair, a variable
  //        without a name or named twice, two variables side by side, more than kVariablesMax.
  static Result<ChannelPattern> parse(std::string_view text);

  // Empty: not about this channel, or `name` could be read in more than one way (two variables, their separator more
  // often than it should be there), which could bind an id that was not meant.
  std::optional<Bindings> match(std::string_view name) const;

  bool is_exact() const noexcept { return variables_.empty(); }
  bool has_variable(std::string_view variable) const noexcept;
  const std::string& text() const noexcept { return text_; }
  // Characters before the first variable, those of all literals together.
  std::size_t literal_prefix_chars() const noexcept { return literal_prefix_chars_; }
  std::size_t literal_chars() const noexcept { return literal_chars_; }
  // Whether a rule for this pattern goes before one for `other` where both match: an exact name before a pattern, then
  // the longer literal prefix, then the more literal characters.
  bool precedes(const ChannelPattern& other) const noexcept;
  // Whether both are about the same channels, whatever their variables are called.
  bool is_same_as(const ChannelPattern& other) const noexcept;

 private:
  bool covers_form(const ChannelParts& parts) const noexcept;

  std::string text_;
  ChannelParts::Family family_ = ChannelParts::Family::kPublic;
  bool is_encrypted_ = false;
  bool is_cached_ = false;
  std::vector<std::string> literals_;  // around the variables: one more than them
  std::vector<std::string> variables_;
  std::size_t literal_prefix_chars_ = 0;
  std::size_t literal_chars_ = 0;
};

}  // namespace fanfare::access
