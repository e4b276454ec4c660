// The (key, secret) pairs of an app: several at a time, so that secrets rotate without an outage.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/hmac.h"

namespace fanfare::pusher {

// The secret is kept only as HMAC states.
struct AppKey {
  AppKey(std::string public_key, std::string_view secret, bool is_enabled = true)
      : key(std::move(public_key)), hmac(secret), enabled(is_enabled) {}

  std::string key;
  crypto::HmacKey hmac;
  bool enabled;
};

// Immutable once built. Thread: any.
class AppKeys {
 public:
  AppKeys() = default;
  explicit AppKeys(std::vector<AppKey> keys) : keys_(std::move(keys)) {}

  std::span<const AppKey> all() const noexcept { return keys_; }
  // Enabled or not. Null: no such key.
  const AppKey* find(std::string_view key) const noexcept;
  const AppKey* find_enabled(std::string_view key) const noexcept;
  // The pair that signs for the app (webhooks). Null: all are disabled.
  const AppKey* first_enabled() const noexcept;

 private:
  std::vector<AppKey> keys_;
};

}  // namespace fanfare::pusher
