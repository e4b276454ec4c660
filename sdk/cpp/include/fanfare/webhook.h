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

// The first subscriber came. Wire: {"name":"channel_occupied","channel":"a"}
struct ChannelOccupied {
  std::string channel{};  // its whole name
};
// The last subscriber went. Wire: {"name":"channel_vacated","channel":"a"}
struct ChannelVacated {
  std::string channel{};  // its whole name
};
// A user's first connection joined. Wire: {"name":"member_added","channel":"presence-a","user_id":"7"}
struct MemberAdded {
  std::string channel{};  // a presence channel
  std::string user_id{};  // who joined
};
// A user's last connection left. Wire: {"name":"member_removed","channel":"presence-a","user_id":"7"}
struct MemberRemoved {
  std::string channel{};  // a presence channel
  std::string user_id{};  // who left
};
// A client sent an event to the others.
// Wire: {"name":"client_event","channel":"presence-a","event":"client-x","data":"…","socket_id":"1.2","user_id":"7"}
struct ClientEvent {
  // What was done to `data`.
  enum class Encryption : std::uint8_t {
    kNone,           // `data` is what the client sent
    kDecrypted,      // the channel is encrypted, and `data` is the plaintext
    kUndecryptable,  // the channel is encrypted, and `data` is as it came: no master key, or one that does not fit
  };

  std::string channel{};                      // a private, encrypted or presence channel
  std::string event{};                        // "client-…"
  std::string data{};                         // see `encryption`
  std::string socket_id{};                    // of the sender
  std::optional<std::string> user_id{};       // of the sender; presence channels
  Encryption encryption = Encryption::kNone;  // what `data` is
};
// Somebody subscribed to a cache channel that holds no event. Wire: {"name":"cache_miss","channel":"cache-a"}
struct CacheMiss {
  std::string channel{};  // a cache channel
};
// A channel's connections are more, or fewer. Wire: {"name":"subscription_count","channel":"a","subscription_count":3}
struct SubscriptionCount {
  std::string channel{};                 // its whole name
  std::uint64_t subscription_count = 0;  // connections
};
// A kind that this library does not know, or one that lacks what its kind has.
struct UnknownWebhookEvent {
  std::string name{};  // as it came
  std::string json{};  // the whole event
};

// One of a webhook's events: std::visit, or std::get_if for those that matter.
using WebhookEvent = std::variant<ChannelOccupied, ChannelVacated, MemberAdded, MemberRemoved, ClientEvent, CacheMiss,
                                  SubscriptionCount, UnknownWebhookEvent>;

// "channel_occupied", …; of an unknown event its own name.
std::string_view name_of(const WebhookEvent& event) noexcept;
std::string_view channel_of(const WebhookEvent& event) noexcept;  // empty: an unknown event

// A webhook that was found genuine. Wire: {"time_ms":1700000000000,"events":[…]}
struct Webhook {
  std::string key{};                   // that signed it
  std::int64_t time_ms = 0;            // when it was made, since 1970; retries keep it
  std::vector<WebhookEvent> events{};  // in the order that they came about

  // time_ms as a point in time.
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

// What a webhook may be.
struct WebhookOptions {
  // How far `time_ms` may be from now, either way. The server retries for 5 minutes. Zero: not checked.
  std::chrono::milliseconds window = std::chrono::minutes{5};
  std::size_t body_bytes_max = std::size_t{4} * 1024 * 1024;  // above it kTooLarge, before anything else is done
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
