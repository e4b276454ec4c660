#include "tls/ticket_keys.h"

#include <openssl/rand.h>

#include "base/assert.h"

namespace fanfare::tls {

namespace {

TicketKey random_key() {
  TicketKey key;
  const auto fill = [](auto& bytes) {
    // It fails only when the system has no entropy at all, and then nothing here is safe.
    FANFARE_ASSERT(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
  };
  fill(key.name);
  fill(key.hmac);
  fill(key.cipher);
  return key;
}

}  // namespace

TicketKeys TicketKeys::random() { return {.current = random_key(), .previous = random_key()}; }

TicketKeys TicketKeys::rotated() const { return {.current = random_key(), .previous = current}; }

}  // namespace fanfare::tls
