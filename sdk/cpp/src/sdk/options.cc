#include "fanfare/options.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "pusher/quote.h"
#include "pusher/signed_query.h"
#include "sdk/conversion.h"

namespace fanfare::sdk {
namespace {

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return lower;
}

std::optional<bool> boolean_of(std::string_view text) {
  const std::string lower = lower_case(text);
  for (const std::string_view yes : {"true", "1", "yes", "on"}) {
    if (lower == yes) return true;
  }
  for (const std::string_view no : {"false", "0", "no", "off"}) {
    if (lower == no) return false;
  }
  return std::nullopt;
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (fault != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::string decoded(std::string_view text) {
  std::string out;
  pusher::append_percent_decoded(out, text, pusher::PlusSign::kIsPlus);
  return out;
}

// Splits `text` at the first `separator`; without one, the second part is empty.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view text, char separator) {
  const std::size_t place = text.find(separator);
  if (place == std::string_view::npos) return {text, std::nullopt};
  return {text.substr(0, place), text.substr(place + 1)};
}

// "host", "host:1", "[::1]:1".
Status read_host(std::string_view text, Options& options) {
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return refused("the Pusher URL: a '[' without its ']'");
    options.host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (!port.empty() && port.front() != ':')
      return refused("the Pusher URL: a ':' and a port are expected behind ']'");
    if (!port.empty()) port.remove_prefix(1);
  } else {
    const auto [host, behind] = split(text, ':');
    options.host = host;
    port = behind.value_or("");
  }
  if (options.host.empty()) return refused("the Pusher URL: it names no host");
  if (port.empty()) return {};
  options.port = port_of(port);
  if (!options.port) return refused("the Pusher URL: expected a port from 1 to 65535");
  return {};
}

// What the environment says, gathered so that nothing is silently ignored.
class EnvironmentReader {
 public:
  EnvironmentReader(const Options::Variables& variables, Options options, bool has_url)
      : variables_(variables), options_(std::move(options)), has_url_(has_url) {}

  std::string text(std::initializer_list<const char*> names) {
    for (const char* name : names) {
      std::optional<std::string> value = variables_(name);
      if (value && !value->empty()) return *std::move(value);
    }
    return {};
  }

  void read_text(std::string& field, std::initializer_list<const char*> names) {
    const std::string value = text(names);
    if (value.empty()) return;
    if (has_url_ && !field.empty() && field != value) disagree(*names.begin());
    field = value;
  }

  void read_boolean(bool& field, const char* name, bool is_in_url) {
    const std::string value = text({name});
    if (value.empty()) return;
    const std::optional<bool> parsed = boolean_of(value);
    if (!parsed) return fail(std::string(name) + ": expected true or false, found " + pusher::shortened(value, 32));
    if (has_url_ && is_in_url && field != *parsed) disagree(name);
    field = *parsed;
  }

  void read_port() {
    const std::string value = text({"PUSHER_PORT"});
    if (value.empty()) return;
    const std::optional<std::uint16_t> port = port_of(value);
    if (!port) return fail("PUSHER_PORT: expected a port from 1 to 65535, found " + pusher::shortened(value, 32));
    if (has_url_ && options_.port && options_.port != port) disagree("PUSHER_PORT");
    options_.port = port;
  }

  Options& options() noexcept { return options_; }

  Result<Options> finish() && {
    if (!faults_.empty()) return refused(std::move(faults_));
    return std::move(options_);
  }

 private:
  void disagree(std::string_view name) {
    fail(std::string(name) + " and PUSHER_URL say different things: set one of them");
  }
  void fail(const std::string& fault) {
    if (!faults_.empty()) faults_ += "; ";
    faults_ += fault;
  }

  const Options::Variables& variables_;
  Options options_;
  bool has_url_;
  std::string faults_;
};

}  // namespace

Result<Options> Options::from_environment() {
  return from_variables([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  });
}

Result<Options> Options::from_variables(const Variables& variables) {
  Options base;
  const std::string url = variables("PUSHER_URL").value_or("");
  if (!url.empty()) {
    Result<Options> from = from_url(url);
    if (!from.ok()) return from;
    base = *std::move(from);
  }
  EnvironmentReader reader(variables, std::move(base), !url.empty());
  Options& options = reader.options();
  reader.read_text(options.app_id, {"PUSHER_APP_ID"});
  reader.read_text(options.key, {"PUSHER_KEY", "PUSHER_APP_KEY"});
  reader.read_text(options.secret, {"PUSHER_SECRET", "PUSHER_APP_SECRET"});
  reader.read_text(options.cluster, {"PUSHER_CLUSTER"});
  reader.read_text(options.host, {"PUSHER_HOST"});
  reader.read_text(options.encryption_master_key_base64, {"PUSHER_ENCRYPTION_MASTER_KEY_BASE64"});
  reader.read_boolean(options.use_tls, "PUSHER_SSL", true);
  reader.read_boolean(options.enabled, "PUSHER_ENABLED", false);
  reader.read_port();
  return std::move(reader).finish();
}

Result<Options> Options::from_url(std::string_view url) {
  Options options;
  const std::size_t scheme_end = url.find("://");
  const std::string scheme = lower_case(url.substr(0, scheme_end == std::string_view::npos ? 0 : scheme_end));
  if (scheme != "http" && scheme != "https") {
    return refused("the Pusher URL: expected https://KEY:SECRET@HOST/apps/APP_ID");
  }
  options.use_tls = scheme == "https";
  std::string_view rest = url.substr(scheme_end + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto [authority, path] = split(rest, '/');

  const std::size_t at = authority.rfind('@');
  if (at == std::string_view::npos) return refused("the Pusher URL: it has no KEY:SECRET@ before the host");
  const auto [key, secret] = split(authority.substr(0, at), ':');
  if (key.empty() || !secret || secret->empty()) return refused("the Pusher URL: expected KEY:SECRET before the '@'");
  options.key = decoded(key);
  options.secret = decoded(*secret);
  if (Status read = read_host(authority.substr(at + 1), options); !read.ok()) return std::move(read).error();

  constexpr std::string_view kPath = "apps/";
  std::string_view id = path.value_or("");
  while (id.ends_with('/')) id.remove_suffix(1);
  if (!id.starts_with(kPath) || id.size() == kPath.size() || id.find('/', kPath.size()) != std::string_view::npos) {
    return refused("the Pusher URL: expected the path /apps/APP_ID");
  }
  options.app_id = decoded(id.substr(kPath.size()));
  return options;
}

}  // namespace fanfare::sdk
