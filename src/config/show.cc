#include "config/show.h"

#include "config/assembly.h"
#include "config/settings.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

std::string origin_of(const Loaded& loaded, const std::string& path) {
  const auto origin = loaded.origins.find(path);
  return origin == loaded.origins.end() ? "default" : origin->second;
}

std::string line(std::string_view key, const std::string& value, const std::string& origin) {
  return std::string(key) + " = " + value + "  # " + origin + "\n";
}

std::string keys_text(const pusher::AppKeys& keys) {
  std::string text;
  for (const pusher::AppKey& pair : keys.all()) {
    text += (text.empty() ? "{ key = " : ", { key = ") + toml_string(pair.key) + ", secret = \"(redacted)\"" +
            (pair.enabled ? " }" : ", enabled = false }");
  }
  return "[" + text + "]";
}

std::string show_app(const Loaded& loaded, std::size_t index) {
  const core::App& app = loaded.config.apps[index];
  const std::string path = Assembly::app_path(index);
  std::string text = "\n[[apps]]\n";
  std::string limits = "[apps.limits]\n";
  for (const Setting<core::App>& setting : app_settings()) {
    const SettingInfo& info = setting.info;
    const std::string value = toml_text(info, setting.read(app));
    if (info.table == "apps") {
      text += line(info.key, value, origin_of(loaded, path + "." + std::string(info.key)));
    } else {
      limits += line(info.key, value, origin_of(loaded, path + ".limits." + std::string(info.key)));
    }
    if (info.key == "id") text += line("keys", keys_text(app.keys), origin_of(loaded, path + ".keys"));
  }
  return text + limits;
}

std::string list_text(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + toml_string(item);
  return "[" + text + "]";
}

std::string show_certificates(const Loaded& loaded) {
  std::string text = "certificates = [  # " + origin_of(loaded, "tls.certificates") + "\n";
  for (const tls::CertificateFiles& files : loaded.config.tls.more) {
    text += "  { certificate = " + toml_string(files.certificate) + ", key = " + toml_string(files.key);
    if (!files.ocsp_response.empty()) text += ", ocsp_response = " + toml_string(files.ocsp_response);
    if (!files.names.empty()) text += ", names = " + list_text(files.names);
    text += " },\n";
  }
  return text + "]\n";
}

std::string show_access(const Loaded& loaded) {
  const access::AccessOptions& access = loaded.config.access;
  std::string text = "\n[access]\n" + line("roles", list_text(access.roles), origin_of(loaded, "access.roles")) +
                     line("service_roles", list_text(access.service_roles), origin_of(loaded, "access.service_roles")) +
                     "rules = [  # " + origin_of(loaded, "access.rules") + "\n";
  for (const access::RuleText& rule : access.rules) {
    text += "  { channel = " + toml_string(rule.channel) + ", subscribe = " + toml_string(rule.subscribe) +
            ", trigger = " + toml_string(rule.trigger) + ", client_events = " + toml_string(rule.client_events) +
            " },\n";
  }
  return text + "]\n";
}

}  // namespace

std::string show(const Loaded& loaded) {
  std::string text = loaded.file.empty() ? "# No configuration file.\n" : "# File: " + loaded.file + "\n";
  std::string_view table;
  for (const Setting<Config>& setting : config_settings()) {
    const SettingInfo& info = setting.info;
    if (info.table != table && table == "tls") text += show_certificates(loaded);
    if (info.table != table) text += "\n[" + std::string(info.table) + "]\n";
    table = info.table;
    text += line(info.key, toml_text(info, setting.read(loaded.config)), origin_of(loaded, path_of(info)));
  }
  text += show_access(loaded);
  for (std::size_t index = 0; index < loaded.config.apps.size(); ++index) text += show_app(loaded, index);
  return text;
}

}  // namespace fanfare::config
