#include "ws/extension_list.h"

#include <algorithm>

namespace fanfare::ws {
namespace {

bool is_token_character(char c) noexcept {
  constexpr std::string_view kSeparators = "()<>@,;:\\\"/[]?={}";
  return c > ' ' && c < '\x7F' && kSeparators.find(c) == std::string_view::npos;
}

// Takes the value apart from its front. What cannot be taken leaves it where it was.
class Scanner {
 public:
  explicit Scanner(std::string_view rest) noexcept : rest_(rest) {}

  bool is_at_end() const noexcept { return rest_.empty(); }
  bool take(char wanted) noexcept {
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }
  void skip_space() noexcept { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size())); }
  // Empty: there is none.
  std::string_view take_token() noexcept {
    const auto* const end = std::ranges::find_if_not(rest_, is_token_character);
    const std::string_view token = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(token.size());
    skip_space();
    return token;
  }
  // A token, or a quoted string whose content is one. Empty: there is neither.
  std::string take_value() {
    if (!rest_.starts_with('"')) return std::string(take_token());
    std::string content;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '"') {
        rest_.remove_prefix(at + 1);
        skip_space();
        return content;
      }
      if (rest_[at] == '\\') ++at;
      if (at == rest_.size() || !is_token_character(rest_[at])) return {};
      content += rest_[at];
    }
    return {};
  }

 private:
  std::string_view rest_;
};

std::optional<Extension> take_extension(Scanner& scanner) {
  Extension extension;
  extension.name = scanner.take_token();
  if (extension.name.empty()) return std::nullopt;
  while (scanner.take(';')) {
    ExtensionParameter parameter;
    parameter.name = scanner.take_token();
    if (parameter.name.empty()) return std::nullopt;
    if (scanner.take('=')) {
      parameter.value = scanner.take_value();
      if (parameter.value->empty()) return std::nullopt;
    }
    extension.parameters.push_back(std::move(parameter));
  }
  return extension;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(std::string_view value) {
  std::vector<Extension> extensions;
  Scanner scanner(value);
  scanner.skip_space();
  // Empty members of a list are to be passed over (RFC 9110 section 5.6.1).
  while (!scanner.is_at_end()) {
    if (scanner.take(',')) continue;
    std::optional<Extension> extension = take_extension(scanner);
    if (!extension || (!scanner.is_at_end() && !scanner.take(','))) return std::nullopt;
    extensions.push_back(*std::move(extension));
  }
  return extensions;
}

}  // namespace fanfare::ws
