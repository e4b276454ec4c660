// Assembly: a configuration on its way from its sources to a Config, with all that is wrong with it so far.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "config/fault.h"
#include "config/load.h"
#include "config/setting.h"

namespace fanfare::config {

struct KeyDraft {
  std::string key;
  std::string secret;
  bool enabled = true;
  std::string place;
};

struct AppDraft {
  core::App app;  // its keys are in `keys` until everything has been checked
  std::vector<KeyDraft> keys;
  std::string place;
};

struct Assembly {
  Config config;
  std::vector<AppDraft> apps;
  Origins origins;
  Faults faults;

  // "apps[0]", in front of ".id" and ".limits.connections" in `origins`.
  static std::string app_path(std::size_t index) { return "apps[" + std::to_string(index) + "]"; }

  // Writes a value into its field, or notes why it cannot.
  template <typename Target>
  void take(const Setting<Target>& setting, Target& target, Result<Value> value, std::string path,
            const std::string& place) {
    if (!value.ok()) {
      faults.add(place, value.error().message);
      return;
    }
    setting.write(target, *value);
    origins.insert_or_assign(std::move(path), place);
  }
};

}  // namespace fanfare::config
