#include "jwt/identity.h"

#include <optional>

namespace fanfare::jwt {
namespace {

TokenError refused(std::string_view claim, std::string_view why) {
  return {TokenFault::kClaims, "claim " + std::string(claim) + ": " + std::string(why)};
}

std::size_t chars_of(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (const char byte : utf8) count += (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U ? 1 : 0;
  return count;
}

// A text, or an integer as it is written in decimal; empty: anything else.
std::optional<std::string> scalar(const json::Value& value) {
  if (value.is_string()) return std::string(value.text);
  if (value.kind != json::Kind::kNumber || value.raw.find_first_of(".eE") != std::string_view::npos) {
    return std::nullopt;
  }
  return std::string(value.raw == "-0" ? "0" : value.raw);
}

// Reads one claim after the other and keeps the first fault.
class ClaimReader {
 public:
  explicit ClaimReader(const json::Reader& claims) : claims_(claims) {}

  std::string text(std::string_view claim) {
    const json::Value* value = present(claim);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string(value->text);
    fail(claim, "expected a string, found " + std::string(json::describe(value->kind)));
    return {};
  }

  std::vector<std::string> list(std::string_view claim) {
    const json::Value* value = present(claim);
    if (value == nullptr) return {};
    if (auto single = scalar(*value)) return {*std::move(single)};
    if (!value->is_array()) {
      fail(claim, "expected a list of strings, found " + std::string(json::describe(value->kind)));
      return {};
    }
    if (!elements_.parse(value->raw).ok()) {
      fail(claim, "expected a list of strings");
      return {};
    }
    if (elements_.elements().size() > kListEntriesMax) {
      fail(claim, "more than " + std::to_string(kListEntriesMax) + " entries");
      return {};
    }
    std::vector<std::string> entries;
    for (const json::Value& element : elements_.elements()) {
      auto entry = scalar(element);
      if (!entry) {
        fail(claim, "expected only strings and integers in the list");
        return {};
      }
      entries.push_back(*std::move(entry));
    }
    return entries;
  }

  std::string user_id(std::string_view claim) {
    const json::Value* value = present(claim);
    if (value == nullptr) {
      fail(claim, "it is missing");
      return {};
    }
    auto id = scalar(*value);
    if (!id) {
      fail(claim, "expected a string or an integer, found " + std::string(json::describe(value->kind)));
    } else if (id->empty()) {
      fail(claim, "it is empty");
    } else if (chars_of(*id) > kUserIdCharsMax) {
      fail(claim, "it is longer than " + std::to_string(kUserIdCharsMax) + " characters");
    } else {
      return *std::move(id);
    }
    return {};
  }

  std::optional<TokenError> take_fault() { return std::move(fault_); }

 private:
  const json::Value* present(std::string_view claim) const {
    const json::Value* value = claims_.find(claim);
    return value == nullptr || value->is_null() ? nullptr : value;
  }
  void fail(std::string_view claim, std::string_view why) {
    if (!fault_) fault_ = refused(claim, why);
  }

  const json::Reader& claims_;
  json::Reader elements_;
  std::optional<TokenError> fault_;
};

}  // namespace

std::variant<Identity, TokenError> read_identity(const json::Reader& claims, const ClaimNames& names,
                                                 const std::vector<std::string>& extra) {
  ClaimReader reader(claims);
  Identity identity;
  identity.user_id = reader.user_id(names.user_id);
  identity.role = reader.text(names.role);
  identity.name = reader.text(names.name);
  identity.avatar = reader.text(names.avatar);
  if (identity.avatar.empty()) identity.avatar = reader.text("avatar_url");
  identity.classes = reader.list(names.classes);
  identity.watchlist = reader.list(names.watchlist);
  for (const std::string& name : extra) identity.extra.emplace_back(name, reader.list(name));
  if (auto fault = reader.take_fault()) return *std::move(fault);
  return identity;
}

}  // namespace fanfare::jwt
