#include "fanfare/encryption.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/bytes.h"
#include "crypto/base64.h"
#include "fanfare/names.h"
#include "pusher/quote.h"
#include "sdk/conversion.h"
#include "sdk/sealed_event.h"

namespace fanfare::sdk {
namespace {

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

Status check_encrypted(std::string_view channel) {
  if (is_encrypted_channel(channel)) return {};
  return refused("only channels that begin with private-encrypted- are encrypted, not " + pusher::shortened(channel));
}

}  // namespace

Result<MasterKey> MasterKey::from_base64(std::string_view text) {
  std::optional<std::string> decoded = crypto::from_base64(trim(text));
  if (!decoded) return refused("the encryption master key is not base64: `openssl rand -base64 32` makes one");
  std::string& bytes = *decoded;
  Result<MasterKey> key = from_bytes(bytes);
  wipe(bytes.data(), bytes.size());
  return key;
}

Result<MasterKey> MasterKey::from_bytes(std::string_view bytes) {
  if (bytes.size() != kBytes) {
    return refused("the encryption master key must be 32 bytes, it is " + std::to_string(bytes.size()));
  }
  MasterKey key;
  const ByteView view = as_bytes(bytes);
  std::copy(view.begin(), view.end(), key.bytes_.begin());
  return key;
}

std::string MasterKey::generate_base64() { return crypto::to_base64(random_key()); }

MasterKey::~MasterKey() { wipe(bytes_.data(), bytes_.size()); }

Result<std::string> MasterKey::shared_secret(std::string_view channel) const {
  if (Status checked = check_encrypted(channel); !checked.ok()) return std::move(checked).error();
  const ChannelSecret secret(bytes_, channel);
  return std::string(as_text(secret.bytes));
}

Result<std::string> MasterKey::shared_secret_base64(std::string_view channel) const {
  if (Status checked = check_encrypted(channel); !checked.ok()) return std::move(checked).error();
  const ChannelSecret secret(bytes_, channel);
  return crypto::to_base64(secret.bytes);
}

Result<std::string> MasterKey::encrypt(std::string_view channel, std::string_view plaintext) const {
  if (Status checked = check_encrypted(channel); !checked.ok()) return std::move(checked).error();
  return seal(ChannelSecret(bytes_, channel), random_nonce(), plaintext);
}

Result<std::string> MasterKey::decrypt(std::string_view channel, std::string_view data) const {
  if (Status checked = check_encrypted(channel); !checked.ok()) return std::move(checked).error();
  return open(ChannelSecret(bytes_, channel), data);
}

}  // namespace fanfare::sdk
