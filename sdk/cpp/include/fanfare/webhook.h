// Webhooks: what the server tells an application over HTTP, checked and typed.
//
// Source: Pusher Channels, "Webhooks".
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fanfare/credentials.h"
#include "fanfare/encryption.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

struct ChannelOccupied {
  std::string channel{};
};
struct ChannelVacated {
  std::string channel{};
};
struct MemberAdded {
  std::string channel{};
  std::string user_id{};
};
struct MemberRemoved {
  std::string channel{};
  std::string user_id{};
};
struct ClientEvent {
  enum class Encryption : std::uint8_t {
    kNone,           // `data` is what the client sent
    kDecrypted,      // the channel is encrypted, and `data` is the plaintext
    kUndecryptable,  // the channel is encrypted, and `data` is as it came: no master key, or one that does not fit
  };

  std::string channel{};
  std::string event{};  // "client-…"
  std::string data{};
  std::string socket_id{};
  std::optional<std::string> user_id{};  // presence channels
  Encryption encryption = Encryption::kNone;
};
struct CacheMiss {
  std::string channel{};
};
struct SubscriptionCount {
  std::string channel{};
  std::uint64_t subscription_count = 0;
};
// A kind that this library does not know, or one that lacks what its kind has.
struct UnknownWebhookEvent {
  std::string name{};
  std::string json{};  // the whole event
};

using WebhookEvent = std::variant<ChannelOccupied, ChannelVacated, MemberAdded, MemberRemoved, ClientEvent, CacheMiss,
                                  SubscriptionCount, UnknownWebhookEvent>;

// "channel_occupied", …; of an unknown event its own name.
std::string_view name_of(const WebhookEvent& event) noexcept;
std::string_view channel_of(const WebhookEvent& event) noexcept;  // empty: an unknown event

struct Webhook {
  std::string key{};         // that signed it
  std::int64_t time_ms = 0;  // when it was made, since 1970; retries keep it
  std::vector<WebhookEvent> events{};

  std::chrono::system_clock::time_point time() const noexcept {
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(time_ms));
  }
};

// Of the HTTP request. Views: only looked at during the call.
struct WebhookRequest {
  std::string_view key{};           // header X-Pusher-Key
  std::string_view signature{};     // header X-Pusher-Signature
  std::string_view body{};          // the bytes as received: parsing and writing them again breaks the signature
  std::string_view content_type{};  // header Content-Type; empty: not checked
};

struct WebhookOptions {
  // How far `time_ms` may be from now, either way. The server retries for 5 minutes. Zero: not checked.
  std::chrono::milliseconds window = std::chrono::minutes{5};
  std::size_t body_bytes_max = std::size_t{4} * 1024 * 1024;
  // Opens client events of encrypted channels.
  std::optional<MasterKey> master_key{};
};

// Needs no Client and no network. Thread: any (immutable).
class WebhookValidator {
 public:
  // `keys`: of the app; several while they rotate, or those of several apps.
  explicit WebhookValidator(const std::vector<Credentials>& keys, const WebhookOptions& options = {});
  WebhookValidator(const WebhookValidator&) = default;
  WebhookValidator& operator=(const WebhookValidator&) = default;
  ~WebhookValidator();

  // Checks, in this order: size, content type, key, signature (in constant time), body, time.
  // Fails: kTooLarge; kUnauthorized for key or signature; kInvalid for content type or body; kExpired for the time, of
  //        which the message says how far it is off. Only kExpired tells of a genuine webhook.
  Result<Webhook> validate(const WebhookRequest& request,
                           std::chrono::system_clock::time_point now = std::chrono::system_clock::now()) const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

// X-Pusher-Signature of `body`: 64 hexadecimal digits. For testing receivers, and for those who send webhooks.
std::string sign_webhook(std::string_view secret, std::string_view body);

}  // namespace fanfare::sdk
