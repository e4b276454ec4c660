// Loading: file < environment < flags, checked as a whole; all faults are reported at once, each with its place.
//
// Thread: the main thread; it reads files and may block.
// Fails:  the Error's message has one fault a line, "place: what is wrong": a place is file:line:column, the name of an
//         environment variable or a flag. Secrets are in no message.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace fanfare::config {

// What to do when no app is configured anywhere.
enum class FirstAppRule : std::uint8_t {
  kIgnore,      // leave Config::apps empty
  kLoad,        // take the one that an earlier start has made, if there is one (config check, config show)
  kLoadOrMake,  // or make one (serve)
};

// Name and value as given: {"port", "7000"} for --port 7000.
using NamedText = std::pair<std::string, std::string>;

struct Inputs {
  std::optional<std::string> file{};     // --config; without it FANFARE_CONFIG
  std::vector<NamedText> environment{};  // all variables; see process_environment()
  std::vector<NamedText> flags{};        // only those given
  FirstAppRule first_app = FirstAppRule::kIgnore;
};

std::vector<NamedText> process_environment();

// Where a setting's value came from, by its path: "server.port", "apps[0].client_events". What is missing has its
// default.
using Origins = std::map<std::string, std::string, std::less<>>;

// The first enabled pair of an app, for programs that print it or sign with it. Never log it.
struct Credentials {
  std::string app_id;
  std::string key;
  std::string secret;
};

// The app that was made on a first start.
struct FirstAppNotice {
  std::string path;     // the file that keeps it
  bool is_new = false;  // made just now
};

struct Loaded {
  Config config;
  Origins origins;
  std::string file;                         // the file that was read; empty: none
  std::vector<Credentials> credentials;     // in the order of config.apps; apps with no enabled key are left out
  std::optional<FirstAppNotice> first_app;  // config.apps holds only this one
};

Result<Loaded> load(const Inputs& inputs);

}  // namespace fanfare::config
