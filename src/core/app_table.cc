#include "core/app_table.h"

namespace fanfare::core {

AppTable::AppTable(std::vector<App> apps, const AppTable& previous) : identities_(previous.identities_) {
  apps_.reserve(apps.size());
  for (App& app : apps) {
    const auto next_index = AppIndex(static_cast<std::uint32_t>(identities_.size()));
    auto [identity, is_new] = identities_.try_emplace(app.id, next_index, nullptr);
    if (is_new) identity->second.second = std::make_shared<AppUsage>();
    app.index = identity->second.first;
    app.usage = identity->second.second;
    const std::size_t place = apps_.size();
    by_id_.emplace(app.id, place);
    for (const pusher::AppKey& key : app.keys.all()) by_key_.emplace(key.key, place);
    apps_.push_back(std::make_shared<const App>(std::move(app)));
  }
  by_index_.resize(identities_.size());
  for (const AppRef& app : apps_) by_index_[app->index.value()] = app;
}

const AppRef* AppTable::find_by_id(std::string_view app_id) const {
  const auto found = by_id_.find(app_id);
  return found == by_id_.end() ? nullptr : &apps_[found->second];
}

const AppRef* AppTable::find_by_key(std::string_view app_key) const {
  const auto found = by_key_.find(app_key);
  return found == by_key_.end() ? nullptr : &apps_[found->second];
}

const AppRef* AppTable::find_by_index(AppIndex index) const {
  if (index.value() >= by_index_.size() || by_index_[index.value()] == nullptr) return nullptr;
  return &by_index_[index.value()];
}

}  // namespace fanfare::core
