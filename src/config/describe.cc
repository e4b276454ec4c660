#include "config/describe.h"

#include "config/file_reader.h"
#include "config/settings.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Made by `fanfare config describe > docs/configuration.md`; a test compares the two. -->

Nothing has to be configured: `fanfare serve` listens on 127.0.0.1:6001, makes an app with random credentials and
prints them. What is set comes from three places, the later ones winning:

1. a TOML file: `--config FILE`, or the variable `FANFARE_CONFIG`;
2. environment variables: `FANFARE_…`;
3. flags of `fanfare serve`.

Unknown keys, tables and `FANFARE_` variables are errors. All faults are reported at once, each with its place: file, line
and column, variable or flag. `fanfare config check` checks without starting, `fanfare config show` prints what is in force
and where each value came from, with secrets redacted, and `fanfare config describe` prints this page.

On SIGHUP the server loads everything again. Settings marked *reload* take effect at once, without dropping a connection;
for the others the log says that they need a restart. A configuration with a fault changes nothing.

## Example

```toml
[server]
host = "0.0.0.0"            # open to the network; default 127.0.0.1
port = 6001

[log]
format = "json"

[[apps]]
id = "app-id"
keys = [
  { key = "app-key", secret = "app-secret" },
  { key = "old-key", secret = "old-secret", enabled = false },
]
client_events = true
allowed_origins = ["https://example.com", "*.example.com"]

[apps.limits]               # of the app above
connections = 5000
```
)";

constexpr std::string_view kCertificates = R"(
### `certificates`

Further certificates, in the file only; *reload*:

```toml
[tls]
certificates = [
  { certificate = "a.pem", key = "a.key" },
  { certificate = "b.pem", key = "b.key", ocsp_response = "b.der", names = ["*.example.org"] },
]
```

A client is shown the certificate of the host that it names: by `names`, or by those that the certificate carries; an
exact name wins over a wildcard. Clients that name none, or another, see the first certificate. [tls.md](tls.md) tells how
to get them and how they are renewed.
)";

constexpr std::string_view kAccess = R"(
## `[access]`

Who may do what on which channel, by role. `fanfare gateway` goes by it, and `fanfare serve` for apps with
`access_rules = true`. Only the file has it; all of it is *reload*.

```toml
[access]
roles = ["student", "teacher", "admin"]   # lowest first: each may what those before it may
service_roles = ["service"]               # backends: trigger everywhere, subscribe nowhere

[[access.rules]]
channel = "private-user-{user_id}"        # an exact name, or a pattern
subscribe = "user_id={user_id}, admin"    # who has this user id, or the role admin
trigger = "teacher"
client_events = ""                        # nobody, as where the key is missing
```

A grant is a list of alternatives: `anyone`, a role (and those above it), `claim={variable}`. A rule for `private-x` or
`presence-x` covers its encrypted and cache forms. An exact name wins over patterns, a longer literal beginning over a
shorter one. Without `rules` the shipped ones hold, and `rules` of your own replace them all:

| Channel | `subscribe` | `trigger` | `client_events` |
|---|---|---|---|
)";

constexpr std::string_view kApps = R"(
## Apps

Apps are in the file, one `[[apps]]` each, or come from the variables that Pusher's own libraries use:

| Variable | Meaning |
|---|---|
| `PUSHER_APP_ID` | the app's id |
| `PUSHER_KEY` or `PUSHER_APP_KEY` | its key |
| `PUSHER_SECRET` or `PUSHER_APP_SECRET` | its secret |

The three belong together. When the file has an app with this id and no `keys`, they are the keys of that app; else they
make an app of their own, with the defaults below.

When no app is configured anywhere, the first start makes one with a random id, key and secret and keeps it in
`app.toml` in the data folder (folder mode 0700, file mode 0600); later starts find it there. The file is refused when it
belongs to another user or is open to others. There are no well-known default credentials.

### `keys`

Each app has 1 to )";

constexpr std::string_view kKeys = R"( pairs, `keys = [{ key = "…", secret = "…", enabled = true }]`. Any
enabled pair is valid; the first enabled one signs what the server sends. To change a secret without an outage: add the
new pair and reload, move the backends and clients to it, then disable the old pair or take it out and reload. Keys are
unique over all apps; a key has no space, `:` or `/`, and no secret is empty.

All settings of apps are *reload* settings. They have no flags and no variables.
)";

std::string_view title_of(std::string_view table) {
  if (table == "server") return "`[server]`";
  if (table == "tls") return "`[tls]`";
  if (table == "compression") return "`[compression]`";
  if (table == "metrics") return "`[metrics]`";
  if (table == "log") return "`[log]`";
  if (table == "gateway") return "`[gateway]`";
  if (table == "apps") return "`[[apps]]`";
  return "`[apps.limits]`";
}

std::string values_of(const SettingInfo& info) {
  switch (info.kind) {
    case ValueKind::kBoolean:
      return "`true`, `false`";
    case ValueKind::kText:
      return "text, " + std::to_string(info.min) + " to " + std::to_string(info.max) + " bytes";
    case ValueKind::kTextList:
      return "at most " + std::to_string(info.max) + " texts";
    case ValueKind::kChoice:
      break;
    case ValueKind::kInteger: {
      std::string text = std::to_string(info.min) + " to " + std::to_string(info.max);
      if (!info.unit.empty()) text += " " + std::string(info.unit);
      if (!info.zero.empty()) text += "; 0: " + std::string(info.zero);
      return text;
    }
  }
  std::string words;
  for (const std::string_view word : info.choices) {
    words += (words.empty() ? "`" : ", `") + std::string(word) + "`";
  }
  return words;
}

template <typename Target>
std::string default_of(const Setting<Target>& setting) {
  const SettingInfo& info = setting.info;
  if (info.key == "data_dir") return "see text";
  if (info.key == "id") return "none";
  return "`" + toml_text(info, setting.read(Target())) + "`";
}

std::string what_of(const SettingInfo& info) {
  return std::string(info.text) + (info.reloadable && !info.table.starts_with("apps") ? " *Reload.*" : "");
}

std::string describe_config() {
  std::string text;
  std::string_view table;
  for (const Setting<Config>& setting : config_settings()) {
    const SettingInfo& info = setting.info;
    if (info.table != table) {
      if (table == "tls") text += kCertificates;
      text += "\n## " + std::string(title_of(info.table)) +
              "\n\n| Key | Default | Values | What it does | Flag | Variable |\n|---|---|---|---|---|---|\n";
    }
    table = info.table;
    text += "| `" + std::string(info.key) + "` | " + default_of(setting) + " | " + values_of(info) + " | " +
            what_of(info) + " | `--" + flag_of(info) + "` | `" + variable_of(info) + "` |\n";
  }
  return text;
}

std::string describe_access() {
  std::string text(kAccess);
  const auto cell = [](const std::string& grant) { return grant.empty() ? std::string("–") : "`" + grant + "`"; };
  for (const access::RuleText& rule : access::shipped_rules()) {
    text += "| `" + rule.channel + "` | " + cell(rule.subscribe) + " | " + cell(rule.trigger) + " | " +
            cell(rule.client_events) + " |\n";
  }
  return text;
}

std::string describe_apps() {
  std::string text;
  std::string_view table;
  for (const Setting<core::App>& setting : app_settings()) {
    const SettingInfo& info = setting.info;
    if (info.table != table) {
      text += "\n### " + std::string(title_of(info.table)) +
              "\n\n| Key | Default | Values | What it does |\n|---|---|---|---|\n";
    }
    table = info.table;
    text += "| `" + std::string(info.key) + "` | " + default_of(setting) + " | " + values_of(info) + " | " +
            what_of(info) + " |\n";
  }
  return text;
}

}  // namespace

std::string describe() {
  return std::string(kIntroduction) + describe_config() + describe_access() + std::string(kApps) +
         std::to_string(kKeysOfAppMax) + std::string(kKeys) + describe_apps();
}

}  // namespace fanfare::config
