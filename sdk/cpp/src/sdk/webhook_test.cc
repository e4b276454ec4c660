#include "fanfare/webhook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

// REF 0.4
constexpr const char* kBody = R"({"time_ms":1700000000123,"events":[{"name":"channel_occupied","channel":"orders"}]})";
constexpr const char* kSignature = "764deb0cbf7059976fab7a401b68a235230a0e17a060e26256000dd213c1077b";
const Credentials kPair{"demo-key-0001", "demo-secret-0001"};
const std::chrono::system_clock::time_point kSent{milliseconds(1'700'000'000'123)};

constexpr const char* kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

Result<Webhook> validate(const WebhookValidator& validator, std::string_view body,
                         std::chrono::system_clock::time_point now = kSent) {
  const std::string signature = sign_webhook(kPair.secret, body);
  return validator.validate({.key = kPair.key, .signature = signature, .body = body}, now);
}

TEST(SdkWebhookTest, Ref04TheSignature) {
  EXPECT_EQ(sign_webhook(kPair.secret, kBody), kSignature);
  const auto webhook = WebhookValidator({kPair}).validate(
      {.key = kPair.key, .signature = kSignature, .body = kBody, .content_type = "application/json"}, kSent);
  ASSERT_TRUE(webhook.ok()) << webhook.error().message;
  EXPECT_EQ(webhook->key, kPair.key);
  EXPECT_EQ(webhook->time(), kSent);
  ASSERT_EQ(webhook->events.size(), 1U);
  EXPECT_EQ(std::get<ChannelOccupied>(webhook->events[0]).channel, "orders");
  EXPECT_EQ(name_of(webhook->events[0]), "channel_occupied");
  EXPECT_EQ(channel_of(webhook->events[0]), "orders");
}

TEST(SdkWebhookTest, UpperCaseDigitsOfTheSignatureAreRead) {
  std::string upper(kSignature);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_TRUE(WebhookValidator({kPair}).validate({.key = kPair.key, .signature = upper, .body = kBody}, kSent).ok());
}

TEST(SdkWebhookTest, AnyOfSeveralKeysMaySign) {
  // While a secret rotates, one key may even have two.
  const WebhookValidator validator({{"other", "x"}, {kPair.key, "old-secret"}, kPair});
  EXPECT_TRUE(validate(validator, kBody).ok());
  EXPECT_TRUE(validator.validate({.key = "other", .signature = sign_webhook("x", kBody), .body = kBody}, kSent).ok());
}

TEST(SdkWebhookTest, AWrongKeyOrSignatureIsUnauthorized) {
  const WebhookValidator validator({kPair, {"other", "x"}});
  const std::string by_other = sign_webhook("x", kBody);
  for (const WebhookRequest& request :
       {WebhookRequest{.key = kPair.key, .signature = by_other, .body = kBody},
        WebhookRequest{.key = kPair.key, .signature = "", .body = kBody},
        WebhookRequest{.key = kPair.key, .signature = std::string_view(kSignature).substr(1), .body = kBody},
        WebhookRequest{.key = "nobody", .signature = kSignature, .body = kBody},
        WebhookRequest{.key = "", .signature = kSignature, .body = kBody},
        WebhookRequest{.key = "\xFF", .signature = kSignature, .body = kBody},
        WebhookRequest{.key = kPair.key, .signature = kSignature, .body = "{}"}}) {
    const auto webhook = validator.validate(request, kSent);
    ASSERT_FALSE(webhook.ok());
    EXPECT_EQ(webhook.error().kind, ErrorKind::kUnauthorized);
    EXPECT_THAT(webhook.error().message, Not(HasSubstr("secret-0001")));
    EXPECT_THAT(webhook.error().message, Not(HasSubstr("764deb")));
  }
}

TEST(SdkWebhookTest, AnEmptySecretValidatesNothing) {
  const std::string signature = sign_webhook("", kBody);
  for (const char* key : {"", "key"}) {
    const WebhookValidator validator({{key, ""}, {"", ""}});
    EXPECT_FALSE(validator.validate({.key = key, .signature = signature, .body = kBody}, kSent).ok());
  }
}

TEST(SdkWebhookTest, TheSignatureIsCheckedBeforeTheBodyIsRead) {
  const auto webhook = WebhookValidator({kPair}).validate({.key = kPair.key, .signature = "x", .body = "not JSON"});
  EXPECT_EQ(webhook.error().kind, ErrorKind::kUnauthorized);
}

TEST(SdkWebhookTest, TheClockWindowHoldsBothWays) {
  const WebhookValidator validator({kPair}, {.window = std::chrono::minutes{5}});
  const auto window = milliseconds(300'000);
  EXPECT_TRUE(validate(validator, kBody, kSent + window).ok());
  EXPECT_TRUE(validate(validator, kBody, kSent - window).ok());
  const auto late = validate(validator, kBody, kSent + window + milliseconds(1));
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().kind, ErrorKind::kExpired);
  EXPECT_THAT(late.error().message, HasSubstr("300001 ms behind"));
  const auto early = validate(validator, kBody, kSent - window - milliseconds(1));
  EXPECT_EQ(early.error().kind, ErrorKind::kExpired);
  EXPECT_TRUE(validate(WebhookValidator({kPair}, {.window = milliseconds{0}}), kBody, kSent + window * 1000).ok());
}

TEST(SdkWebhookTest, ContentTypeAndSizeAreChecked) {
  const WebhookValidator validator({kPair}, {.body_bytes_max = std::string_view(kBody).size()});
  const auto with_type = [&](std::string_view type) {
    return validator.validate({.key = kPair.key, .signature = kSignature, .body = kBody, .content_type = type}, kSent);
  };
  EXPECT_TRUE(with_type("").ok());
  EXPECT_TRUE(with_type("Application/JSON; charset=utf-8").ok());
  EXPECT_EQ(with_type("text/plain").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(with_type("application/jsonp").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(validate(validator, std::string(kBody) + " ").error().kind, ErrorKind::kTooLarge);
}

std::string client_event_body(std::string_view channel, const std::string& quoted_data) {
  return R"({"time_ms":1700000000123,"events":[{"name":"channel_occupied","channel":")" + std::string(channel) +
         R"("},{"name":"client_event","channel":")" + std::string(channel) + R"(","event":"client-x","data":)" +
         quoted_data + R"(,"socket_id":"1.2"}]})";
}

TEST(SdkWebhookTest, ClientEventsOfEncryptedChannelsAreOpened) {
  const auto master_key = *MasterKey::from_base64(kMasterKey);
  const WebhookValidator validator({kPair}, {.master_key = master_key});
  const std::string body = client_event_body(
      "private-encrypted-vault",
      R"("{\"nonce\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\",\"ciphertext\":\"KPom0vGC3SHqdnKfABB/DN9qQMBWpjnGjWTg2Q==\"}")");
  const auto webhook = validate(validator, body);
  ASSERT_TRUE(webhook.ok()) << webhook.error().message;
  const auto& event = std::get<ClientEvent>(webhook->events[1]);
  EXPECT_EQ(event.data, R"({"msg":"hi"})");
  EXPECT_EQ(event.encryption, ClientEvent::Encryption::kDecrypted);
}

TEST(SdkWebhookTest, OneThatDoesNotOpenHidesNoOther) {
  const auto master_key = *MasterKey::from_base64(kMasterKey);
  for (const std::optional<MasterKey>& key : {std::optional<MasterKey>(master_key), std::optional<MasterKey>()}) {
    const WebhookValidator validator({kPair}, {.master_key = key});
    const auto webhook = validate(validator, client_event_body("private-encrypted-vault", R"("garbage")"));
    ASSERT_TRUE(webhook.ok()) << webhook.error().message;
    EXPECT_EQ(webhook->events.size(), 2U);
    const auto& event = std::get<ClientEvent>(webhook->events[1]);
    EXPECT_EQ(event.data, "garbage");
    EXPECT_EQ(event.encryption, ClientEvent::Encryption::kUndecryptable);
  }
}

TEST(SdkWebhookTest, OtherChannelsAreLetBe) {
  const auto webhook = validate(WebhookValidator({kPair}), client_event_body("private-x", R"("{}")"));
  EXPECT_EQ(std::get<ClientEvent>(webhook->events[1]).encryption, ClientEvent::Encryption::kNone);
}

}  // namespace
}  // namespace fanfare::sdk
