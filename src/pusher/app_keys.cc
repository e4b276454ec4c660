#include "pusher/app_keys.h"

namespace fanfare::pusher {

// Keys are public, so finding one needs no constant time.
const AppKey* AppKeys::find(std::string_view key) const noexcept {
  for (const AppKey& candidate : keys_) {
    if (candidate.key == key) return &candidate;
  }
  return nullptr;
}

const AppKey* AppKeys::find_enabled(std::string_view key) const noexcept {
  const AppKey* found = find(key);
  return found != nullptr && found->enabled ? found : nullptr;
}

const AppKey* AppKeys::first_enabled() const noexcept {
  for (const AppKey& candidate : keys_) {
    if (candidate.enabled) return &candidate;
  }
  return nullptr;
}

}  // namespace fanfare::pusher
