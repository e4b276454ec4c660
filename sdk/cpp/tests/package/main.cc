// Uses what needs each of the libraries behind the SDK: OpenSSL, libsodium, simdjson and libcurl.
#include <cstdio>
#include <string>

#include <fanfare/fanfare.h>

namespace sdk = fanfare::sdk;

namespace {

int fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  return 1;
}

}  // namespace

int main() {
  sdk::Options options;
  options.app_id = "42";
  options.key = "demo-key-0001";
  options.secret = "demo-secret-0001";
  options.host = "127.0.0.1";
  options.port = 9;  // discard: nothing listens there
  options.use_tls = false;
  options.retry.attempts_max = 1;
  options.encryption_master_key_base64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  auto client = sdk::Client::create(options);
  if (!client.ok()) return fail(client.error().message.c_str());

  const auto signed_answer = client->authorize_channel("218.4471", "private-encrypted-vault");
  if (!signed_answer.ok() || signed_answer->shared_secret != "wp8Orjt2S4H4n8dDP7pa2A9reduRTTedbaiVnjqomsc=" ||
      signed_answer->auth != "demo-key-0001:a1e4861b73504847b2012379c4397dc4ac742cdfb2f7727d81b3623efbe6f6b0") {
    return fail("authorize_channel() gives another answer");
  }
  const std::string body = R"({"time_ms":1,"events":[{"name":"channel_occupied","channel":"orders"}]})";
  const auto webhook =
      client->webhook({.key = options.key, .signature = sdk::sign_webhook(options.secret, body), .body = body});
  if (webhook.ok() || webhook.error().kind != sdk::ErrorKind::kExpired) return fail("a webhook of 1970 was accepted");

  const auto sent = client->trigger("orders", "order.created", "{}");
  if (sent.ok() || sent.error().kind != sdk::ErrorKind::kUnavailable || sent.error().outcome_unknown) {
    return fail("an event was published where nothing listens");
  }
  std::puts("outside: ok");
  return 0;
}
