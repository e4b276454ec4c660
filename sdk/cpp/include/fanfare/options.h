// Options: where the server is, and who calls it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fanfare/credentials.h"
#include "fanfare/limits.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// What a client may rely on.
enum class ServerKind : std::uint8_t {
  kAutomatic,     // hosted when the host is one of pusher.com or pusherapp.com, else Fanfare
  kFanfare,       // honours Idempotency-Key: publishes carry one and may be repeated
  kHostedPusher,  // does not: a publish whose outcome is unknown is not repeated
};

// How a request is repeated that may be: reads; publishes to Fanfare; anything of which nothing was sent.
// Also after 429, 500, 502, 503 and 504 to such a request. The wait before attempt n + 1 is random, up to
// delay_min · 2^(n−1), at most delay_max; and at least the server's Retry-After.
struct RetryPolicy {
  unsigned attempts_max = 3;                   // the first one counts; 1: no repetition
  std::chrono::milliseconds delay_min{100};    // see above
  std::chrono::milliseconds delay_max{2'000};  // see above
};

// What Client::create() takes. A value: copy and change it as you like.
struct Options {
  std::string app_id{};  // as the server has it; needed
  std::string key{};     // of the app; needed
  std::string secret{};  // of the key; needed; never shown in an error

  std::string host{};                          // name or address, without scheme and port; empty: by `cluster`
  std::string cluster{};                       // of hosted Pusher, "eu": api-<cluster>.pusher.com; empty: "mt1"
  bool use_tls = true;                         // https, else http
  std::optional<std::uint16_t> port{};         // 443 with TLS, else 80
  ServerKind server = ServerKind::kAutomatic;  // whether publishes may be repeated hangs on it

  // False: publishes succeed without being sent and are counted; other requests fail with kDisabled. Signing and
  // webhooks work.
  bool enabled = true;

  std::string encryption_master_key_base64{};  // of 32 bytes; needed for private-encrypted- channels
  std::vector<Credentials> webhook_keys{};     // beside key and secret
  std::chrono::milliseconds webhook_window = std::chrono::minutes{5};  // how old a webhook may be; zero: any

  std::chrono::milliseconds connect_timeout{5'000};              // until there is a connection, with TLS
  std::chrono::milliseconds request_timeout{10'000};             // of one attempt
  std::chrono::milliseconds total_timeout{30'000};               // of a call with all its attempts and waits
  RetryPolicy retry{};                                           // how what may be repeated is repeated
  std::size_t connections_max = 8;                               // at a time
  std::size_t pending_requests_max = 1'024;                      // sent or waiting; above it calls fail with kLimit
  std::size_t answer_bytes_max = std::size_t{16} * 1024 * 1024;  // of a body; above it kTooLarge
  std::string proxy{};    // URL of an HTTP proxy; empty: none (the environment's is not used)
  std::string ca_file{};  // PEM file of the authorities to trust instead of the system's
  Limits limits{};        // what is checked before anything is sent

  // The value of an environment variable, or none.
  using Variables = std::function<std::optional<std::string>(const std::string& name)>;

  // From PUSHER_APP_ID, PUSHER_KEY (or PUSHER_APP_KEY), PUSHER_SECRET (or PUSHER_APP_SECRET), PUSHER_CLUSTER,
  // PUSHER_SSL, PUSHER_HOST, PUSHER_PORT, PUSHER_ENABLED, PUSHER_ENCRYPTION_MASTER_KEY_BASE64 and PUSHER_URL, which
  // stands for those that it holds. An empty variable counts as unset. Booleans: true, false, 1, 0, yes, no, on, off.
  // Fails: kInvalid for a value that makes no sense, and where PUSHER_URL and another variable differ. What is missing
  //        shows in Client::create(), so that a program may add to what the environment has.
  static Result<Options> from_environment();
  // The same from another place than the environment.
  static Result<Options> from_variables(const Variables& variables);
  // http[s]://KEY:SECRET@HOST[:PORT]/apps/APP_ID; parts percent-encoded where they must be.
  // Fails: kInvalid, without the URL, which holds a secret.
  static Result<Options> from_url(std::string_view url);
};

}  // namespace fanfare::sdk
