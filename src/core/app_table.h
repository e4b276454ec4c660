// AppTable: all apps at one moment. Immutable; a reload makes a new table and every loop takes it over.
// AppRegistry: one loop's current table.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/affinity.h"
#include "core/app.h"

namespace fanfare::core {

class AppTable {
 public:
  AppTable() = default;
  // Gives every app its index and usage: those of `previous` for an id that was there, new ones for the others.
  // Ids and keys are unique (the configuration checked it).
  AppTable(std::vector<App> apps, const AppTable& previous);

  // nullptr: unknown.
  const AppRef* find_by_id(std::string_view app_id) const;
  // By any key of the app, also a disabled one (the caller tells "disabled" from "unknown").
  const AppRef* find_by_key(std::string_view app_key) const;
  const AppRef* find_by_index(AppIndex index) const;
  const std::vector<AppRef>& apps() const noexcept { return apps_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  using Lookup = std::unordered_map<std::string, std::size_t, Hash, std::equal_to<>>;

  std::vector<AppRef> apps_;
  Lookup by_id_;
  Lookup by_key_;
  std::vector<AppRef> by_index_;  // null: an app that is gone
  // Every id ever seen: an app that comes back after a reload gets its old index and usage back.
  std::unordered_map<std::string, std::pair<AppIndex, std::shared_ptr<AppUsage>>> identities_;
};

using AppTableRef = std::shared_ptr<const AppTable>;

// Thread: one loop.
class AppRegistry {
 public:
  explicit AppRegistry(AppTableRef table) : table_(std::move(table)) {}
  const AppTable& table() const {
    affinity_.check();
    return *table_;
  }
  void replace(AppTableRef table) {
    affinity_.check();
    table_ = std::move(table);
  }

 private:
  Affinity affinity_;
  AppTableRef table_;
};

}  // namespace fanfare::core
