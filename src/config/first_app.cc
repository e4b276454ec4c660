#include "config/first_app.h"

#include <utility>

#include "base/random.h"
#include "config/text_file.h"

namespace fanfare::config {

namespace {

std::string new_app_text() {
  constexpr std::uint64_t kFirstId = 1'000'000;  // seven digits, as Pusher's
  constexpr std::uint64_t kIds = 9'000'000;
  constexpr std::size_t kKeyBytes = 10;
  return "# The app that the first start of Fanfare has made. It holds a secret: keep its mode at 0600.\n"
         "# Delete it to get another one, or take what you need into a configuration file of your own.\n"
         "[[apps]]\n"
         "id = \"" +
         std::to_string(kFirstId + secure_random_u64() % kIds) + "\"\nkeys = [{ key = \"" +
         secure_random_hex(kKeyBytes) + "\", secret = \"" + secure_random_hex(kKeyBytes) + "\" }]\n";
}

}  // namespace

std::string default_data_dir(bool is_root, const std::string& xdg_data_home, const std::string& home) {
  if (is_root) return "/var/lib/fanfare";
  if (xdg_data_home.starts_with('/')) return xdg_data_home + "/fanfare";
  if (home.starts_with('/')) return home + "/.local/share/fanfare";
  return "/var/lib/fanfare";
}

std::string first_app_path(const std::string& data_dir) {
  return data_dir + (data_dir.ends_with('/') ? "app.toml" : "/app.toml");
}

Result<std::optional<std::string>> read_first_app(const std::string& data_dir) {
  return read_private_file(first_app_path(data_dir));
}

Result<std::string> make_first_app(const std::string& data_dir) {
  if (Status made = make_private_folder(data_dir); !made.ok()) return std::move(made).error();
  std::string text = new_app_text();
  Result<bool> is_created = create_private_file(first_app_path(data_dir), text);
  if (!is_created.ok()) return std::move(is_created).error();
  if (*is_created) return text;
  Result<std::optional<std::string>> other = read_first_app(data_dir);
  if (!other.ok()) return std::move(other).error();
  if (!other->has_value()) return Error{ErrorKind::kIo, first_app_path(data_dir) + ": appeared and went away again"};
  return **std::move(other);
}

}  // namespace fanfare::config
