// An encrypted event: what stands between a channel's secret and the `data` of an event. The only file with libsodium.
//
// Source: REF 7; NaCl's crypto_secretbox, XSalsa20-Poly1305.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fanfare/result.h"

namespace fanfare::sdk {

using MasterKeyView = std::span<const std::uint8_t, 32>;
using Nonce = std::array<std::uint8_t, 24>;

// The secret of a channel. Wiped on destruction.
struct ChannelSecret {
  ChannelSecret(MasterKeyView master_key, std::string_view channel);
  ChannelSecret(const ChannelSecret&) = delete;
  ChannelSecret& operator=(const ChannelSecret&) = delete;
  ~ChannelSecret();

  std::array<std::uint8_t, 32> bytes;
};

Nonce random_nonce();
// For master keys. Unpredictable.
std::array<std::uint8_t, 32> random_key();
// So that the compiler cannot leave it out.
void wipe(void* memory, std::size_t bytes) noexcept;

// Wire: {"nonce":"<base64>","ciphertext":"<base64>"}. A nonce serves once.
std::string seal(const ChannelSecret& secret, const Nonce& nonce, std::string_view plaintext);
// Fails: kDecryption.
Result<std::string> open(const ChannelSecret& secret, std::string_view data);

}  // namespace fanfare::sdk
