#include "gateway/user_info.h"

#include "json/json_writer.h"

namespace fanfare::gateway {
namespace {

std::string write(std::string_view name, std::string_view role, std::string_view avatar) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  if (!name.empty()) writer.key("name").string(name);
  if (!role.empty()) writer.key("role").string(role);
  if (!avatar.empty()) writer.key("avatar").string(avatar);
  writer.end_object();
  return text;
}

// `text` without its last `bytes`, and without the half of a character that this leaves.
std::string_view cut(std::string_view text, std::size_t bytes) {
  std::size_t size = text.size() > bytes ? text.size() - bytes : 0;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

}  // namespace

std::string user_info_of(const jwt::Identity& identity, std::size_t bytes_max) {
  std::string text = write(identity.name, identity.role, identity.avatar);
  if (text.size() <= bytes_max) return text;
  std::string_view name = identity.name;
  std::string_view role = identity.role;
  text = write(name, role, {});
  // A byte of the name is one to six of its JSON, so that a sixth of the excess is never too much to cut.
  while (text.size() > bytes_max && !name.empty()) {
    const std::size_t excess = text.size() - bytes_max;
    name = cut(name, (excess + 5) / 6);
    text = write(name, role, {});
  }
  while (text.size() > bytes_max && !role.empty()) {
    role = cut(role, text.size() - bytes_max);
    text = write(name, role, {});
  }
  return text;
}

}  // namespace fanfare::gateway
