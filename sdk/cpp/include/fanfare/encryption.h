// End-to-end encryption of private-encrypted- channels: the server relays what only subscribers can read.
//
// Each channel has a secret of its own, SHA-256(channel name ‖ master key). Subscribers get it from
// authorize_channel(), events are sealed with it (XSalsa20-Poly1305, a random nonce each). Names of channels and events
// stay readable. Source: Pusher Channels, "Encrypted channels".
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fanfare/result.h"

namespace fanfare::sdk {

// 32 bytes that only your servers know. Wiped from memory on destruction. Thread: any (immutable).
class MasterKey {
 public:
  static constexpr std::size_t kBytes = 32;  // of a master key, and of a channel's secret

  // As PUSHER_ENCRYPTION_MASTER_KEY_BASE64 and the official SDKs hold it. White space around it is let be.
  // Fails: kInvalid, without the text.
  static Result<MasterKey> from_base64(std::string_view text);
  // From kBytes bytes as they are. Fails: kInvalid for another number of them.
  static Result<MasterKey> from_bytes(std::string_view bytes);
  // A new one, to be stored: base64, as `openssl rand -base64 32` makes it.
  static std::string generate_base64();

  MasterKey(const MasterKey&) = default;
  MasterKey& operator=(const MasterKey&) = default;
  ~MasterKey();

  // The channel's secret, 32 bytes: as they are, or in base64 as the auth answer's `shared_secret` has it.
  // Fails: kInvalid, when `channel` is not private-encrypted-.
  Result<std::string> shared_secret(std::string_view channel) const;
  Result<std::string> shared_secret_base64(std::string_view channel) const;

  // The `data` of an event on `channel` that says `plaintext`.
  // Wire:  {"nonce":"<base64 of 24 bytes>","ciphertext":"<base64>"}: 4/3 of the plaintext and some 90 bytes more.
  // Fails: kInvalid, when `channel` is not private-encrypted-.
  Result<std::string> encrypt(std::string_view channel, std::string_view plaintext) const;
  // The plaintext of such `data`. Fails: kInvalid as above; kDecryption.
  Result<std::string> decrypt(std::string_view channel, std::string_view data) const;

 private:
  MasterKey() = default;

  std::array<std::uint8_t, kBytes> bytes_{};
};

}  // namespace fanfare::sdk
