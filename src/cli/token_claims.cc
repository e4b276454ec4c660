#include "cli/token_claims.h"

#include <algorithm>

#include "json/json_reader.h"
#include "json/json_writer.h"

namespace fanfare::cli {
namespace {

std::string token_of_text(std::string_view text) {
  std::string token;
  json::append_string(token, text);
  return token;
}

std::string token_of_list(const std::vector<std::string>& texts) {
  std::string token;
  json::Writer writer(token);
  writer.begin_array();
  for (const std::string& text : texts) writer.string(text);
  writer.end_array();
  return token;
}

// JSON as it is, everything else as a string.
std::string token_of_value(const std::string& value) {
  json::Reader reader;
  return reader.parse(value).ok() ? json::compact(reader.root().raw) : token_of_text(value);
}

// Keeps each claim once, in the order given.
class Claims {
 public:
  Status add(const std::string& name, std::string token) {
    if (std::ranges::find(names_, name) != names_.end()) return invalid("claim " + name + " is given twice");
    names_.push_back(name);
    tokens_.push_back(std::move(token));
    return {};
  }
  std::string text() const {
    std::string text;
    json::Writer writer(text);
    writer.begin_object();
    for (std::size_t i = 0; i < names_.size(); ++i) writer.key(names_[i]).raw(tokens_[i]);
    writer.end_object();
    return text;
  }

 private:
  std::vector<std::string> names_;
  std::vector<std::string> tokens_;
};

}  // namespace

Result<std::string> token_claims(const TokenFlags& flags, const jwt::JwtOptions& options, std::int64_t now_unix_s) {
  Claims claims;
  const jwt::ClaimNames& names = options.claims;
  Status status = claims.add(names.user_id, token_of_text(flags.user));
  const auto add = [&](const std::string& name, std::string token) {
    if (status.ok()) status = claims.add(name, std::move(token));
  };
  if (!flags.role.empty()) add(names.role, token_of_text(flags.role));
  if (!flags.name.empty()) add(names.name, token_of_text(flags.name));
  if (!flags.avatar.empty()) add(names.avatar, token_of_text(flags.avatar));
  if (!flags.classes.empty()) add(names.classes, token_of_list(flags.classes));
  if (!flags.watchlist.empty()) add(names.watchlist, token_of_list(flags.watchlist));
  if (!options.issuer.empty()) add("iss", token_of_text(options.issuer));
  if (!options.audience.empty()) add("aud", token_of_text(options.audience.front()));
  add("iat", std::to_string(now_unix_s));
  add("exp", std::to_string(now_unix_s + flags.expires_in_s));
  for (const std::string& further : flags.further) {
    const std::size_t equals = further.find('=');
    if (equals == std::string::npos || equals == 0) return invalid("--claim: expected NAME=VALUE");
    add(further.substr(0, equals), token_of_value(further.substr(equals + 1)));
  }
  if (!status.ok()) return status.error();
  return claims.text();
}

}  // namespace fanfare::cli
