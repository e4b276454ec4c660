#include "sdk/sealed_event.h"

#include <optional>

#include <sodium.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "crypto/base64.h"
#include "json/json_reader.h"
#include "json/json_writer.h"

namespace fanfare::sdk {
namespace {

static_assert(std::tuple_size_v<Nonce> == crypto_secretbox_NONCEBYTES);
static_assert(MasterKeyView::extent == crypto_secretbox_KEYBYTES);

// libsodium picks its implementations and its source of randomness once.
void prepare() {
  static const bool is_ready = sodium_init() >= 0;
  FANFARE_ASSERT(is_ready);
}

std::string base64_of(std::span<const std::uint8_t> bytes) { return crypto::to_base64(bytes); }

Error undecryptable(std::string message) { return {.kind = ErrorKind::kDecryption, .message = std::move(message)}; }

// The decoded member `name`. Empty: absent, or not base64.
std::optional<std::string> decoded_member(const json::Reader& reader, std::string_view name) {
  const json::Value* value = reader.find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return crypto::from_base64(value->text);
}

}  // namespace

ChannelSecret::ChannelSecret(MasterKeyView master_key, std::string_view channel) : bytes{} {
  prepare();
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  const ByteView name = as_bytes(channel);
  crypto_hash_sha256_update(&state, name.data(), name.size());
  crypto_hash_sha256_update(&state, master_key.data(), master_key.size());
  crypto_hash_sha256_final(&state, bytes.data());
  wipe(&state, sizeof(state));
}

ChannelSecret::~ChannelSecret() { wipe(bytes.data(), bytes.size()); }

Nonce random_nonce() {
  prepare();
  Nonce nonce;
  randombytes_buf(nonce.data(), nonce.size());
  return nonce;
}

std::array<std::uint8_t, 32> random_key() {
  prepare();
  std::array<std::uint8_t, 32> key;
  crypto_secretbox_keygen(key.data());
  return key;
}

void wipe(void* memory, std::size_t bytes) noexcept { sodium_memzero(memory, bytes); }

std::string seal(const ChannelSecret& secret, const Nonce& nonce, std::string_view plaintext) {
  const ByteView bytes = as_bytes(plaintext);
  std::string sealed(bytes.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(reinterpret_cast<std::uint8_t*>(sealed.data()), bytes.data(), bytes.size(), nonce.data(),
                        secret.bytes.data());
  std::string data;
  json::Writer(data)
      .begin_object()
      .key("nonce")
      .string(base64_of(nonce))
      .key("ciphertext")
      .string(crypto::to_base64(as_bytes(sealed)))
      .end_object();
  return data;
}

Result<std::string> open(const ChannelSecret& secret, std::string_view data) {
  json::Reader reader;
  if (!reader.parse_object(data).ok()) return undecryptable("the data is not a JSON object with nonce and ciphertext");
  const std::optional<std::string> nonce = decoded_member(reader, "nonce");
  const std::optional<std::string> sealed = decoded_member(reader, "ciphertext");
  if (!nonce || nonce->size() != crypto_secretbox_NONCEBYTES) {
    return undecryptable("the data has no nonce of 24 bytes in base64");
  }
  if (!sealed || sealed->size() < crypto_secretbox_MACBYTES) {
    return undecryptable("the data has no ciphertext of at least 16 bytes in base64");
  }
  std::string plaintext(sealed->size() - crypto_secretbox_MACBYTES, '\0');
  const int outcome =
      crypto_secretbox_open_easy(reinterpret_cast<std::uint8_t*>(plaintext.data()), as_bytes(*sealed).data(),
                                 sealed->size(), as_bytes(*nonce).data(), secret.bytes.data());
  if (outcome != 0) return undecryptable("the channel's secret does not open it: another master key, or altered data");
  return plaintext;
}

}  // namespace fanfare::sdk
