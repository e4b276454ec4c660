#include "config/load.h"

#include <utility>

#include <unistd.h>

#include "config/assembly.h"
#include "config/document.h"
#include "config/environment.h"
#include "config/file_reader.h"
#include "config/first_app.h"
#include "config/settings.h"
#include "config/text_file.h"
#include "config/validate.h"

namespace fanfare::config {

namespace {

// Messages that begin with the path of a file have their place already.
void add_file_fault(const Error& error, Assembly& assembly) {
  const std::size_t colon = error.message.find(": ");
  assembly.faults.add(error.message.substr(0, colon), error.message.substr(colon + 2));
}

void read_config_file(const std::string& path, Assembly& assembly) {
  const Result<std::string> text = read_file(path);
  if (!text.ok()) return add_file_fault(text.error(), assembly);
  const Table document = parse_document(*text, path, assembly.faults);
  read_document(document, path, assembly);
}

std::string value_or_empty(const Inputs& inputs, std::string_view name) {
  const std::string* value = find_variable(inputs.environment, name);
  return value == nullptr ? std::string() : *value;
}

std::string file_of(const Inputs& inputs) {
  return inputs.file.has_value() ? *inputs.file : value_or_empty(inputs, kFileVariable);
}

// Reads the app of the first start, or makes it.
std::optional<FirstAppNotice> add_first_app(FirstAppRule rule, Assembly& assembly) {
  const std::string& data_dir = assembly.config.server.data_dir;
  FirstAppNotice notice{.path = first_app_path(data_dir)};
  Result<std::optional<std::string>> text = read_first_app(data_dir);
  if (text.ok() && !text->has_value() && rule == FirstAppRule::kLoadOrMake) {
    notice.is_new = true;
    Result<std::string> made = make_first_app(data_dir);
    text = made.ok() ? Result<std::optional<std::string>>(*std::move(made))
                     : Result<std::optional<std::string>>(std::move(made).error());
  }
  if (!text.ok()) {
    add_file_fault(text.error(), assembly);
    return std::nullopt;
  }
  if (!text->has_value()) return std::nullopt;
  read_apps_only(parse_document(**text, notice.path, assembly.faults), notice.path, assembly);
  return notice;
}

void build_access_table(Assembly& assembly) {
  auto table = access::AccessTable::build(assembly.config.access);
  if (table.ok()) {
    assembly.config.access_table = *std::move(table);
    return;
  }
  const auto origin = assembly.origins.find("access");
  assembly.faults.add(origin == assembly.origins.end() ? "[access]" : origin->second, table.error().message);
}

// The drafts have been checked: they become apps, and their secrets signing keys.
void finish_apps(Assembly&& assembly, Loaded& loaded) {
  for (AppDraft& draft : assembly.apps) {
    std::vector<pusher::AppKey> keys;
    bool has_credentials = false;
    for (const KeyDraft& pair : draft.keys) {
      keys.emplace_back(pair.key, pair.secret, pair.enabled);
      if (!pair.enabled || std::exchange(has_credentials, true)) continue;
      loaded.credentials.push_back({.app_id = draft.app.id, .key = pair.key, .secret = pair.secret});
    }
    draft.app.keys = pusher::AppKeys(std::move(keys));
    if (draft.app.switches.access_rules) draft.app.access = loaded.config.access_table;
    loaded.config.apps.push_back(std::move(draft.app));
  }
}

}  // namespace

std::vector<NamedText> process_environment() {
  std::vector<NamedText> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

Result<Loaded> load(const Inputs& inputs) {
  Assembly assembly;
  assembly.config.server.data_dir =
      default_data_dir(::geteuid() == 0, value_or_empty(inputs, "XDG_DATA_HOME"), value_or_empty(inputs, "HOME"));
  Loaded loaded;
  loaded.file = file_of(inputs);
  if (!loaded.file.empty()) read_config_file(loaded.file, assembly);
  read_alias_variables(inputs.environment, assembly);
  read_environment(inputs.environment, assembly);
  read_pusher_variables(inputs.environment, assembly);
  read_flags(inputs.flags, assembly);
  build_access_table(assembly);
  validate(assembly);
  if (assembly.faults.empty() && assembly.apps.empty() && inputs.first_app != FirstAppRule::kIgnore) {
    loaded.first_app = add_first_app(inputs.first_app, assembly);
    validate(assembly);
  }
  if (!assembly.faults.empty()) return assembly.faults.error();
  loaded.config = std::move(assembly.config);
  loaded.origins = std::move(assembly.origins);
  finish_apps(std::move(assembly), loaded);
  return loaded;
}

}  // namespace fanfare::config
