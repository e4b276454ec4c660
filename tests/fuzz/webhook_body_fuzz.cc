// Bodies of webhooks: never a crash; what is accepted has bounded times, and names and channels as the body had them.
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "base/assert.h"
#include "base/bytes.h"
#include "fanfare/webhook.h"
#include "json/json_reader.h"

namespace {

namespace sdk = fanfare::sdk;

constexpr const char* kSecret = "secret";

const sdk::WebhookValidator& validator() {
  static const sdk::WebhookValidator one(
      {{"key", kSecret}},
      {.window = std::chrono::milliseconds{0}, .master_key = *sdk::MasterKey::from_bytes(std::string(32, 'k'))});
  return one;
}

void check_event(const sdk::WebhookEvent& event) {
  if (const auto* unknown = std::get_if<sdk::UnknownWebhookEvent>(&event)) {
    fanfare::json::Reader reader;
    FANFARE_ASSERT(reader.parse_object(unknown->json).ok());
    FANFARE_ASSERT(reader.find("name")->text == unknown->name);
  } else {
    FANFARE_ASSERT(!sdk::name_of(event).empty());
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body = fanfare::as_text({data, size});
  const std::string signature = sdk::sign_webhook(kSecret, body);
  const auto webhook = validator().validate({.key = "key", .signature = signature, .body = body});
  if (webhook.ok()) {
    FANFARE_ASSERT(webhook->time_ms >= 0 && webhook->time().time_since_epoch().count() >= 0);
    for (const sdk::WebhookEvent& event : webhook->events) check_event(event);
  } else {
    FANFARE_ASSERT(webhook.error().message.size() < 1'000);
    FANFARE_ASSERT(webhook.error().kind != sdk::ErrorKind::kUnauthorized);
  }
  // Everything that a server sends is a secret's work: without it no byte of the body is looked at.
  FANFARE_ASSERT(!validator().validate({.key = "key", .signature = "0", .body = body}).ok());
  return 0;
}
