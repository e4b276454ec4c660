// For the tests of this module: the gateway behind a real HTTP server on a loop that the test turns by hand, with a
// Channels server that remembers what it was asked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/shipped_rules.h"
#include "gateway/gateway.h"
#include "httpd/server_test_support.h"
#include "json/json_reader.h"
#include "jwt/mint.h"

namespace fanfare::gateway {

class FakeBackend final : public ChannelsBackend {
 public:
  void publish(sdk::Event event, Done<sdk::TriggerAnswer> done) override {
    published.push_back(std::move(event));
    if (failure) return done(*failure);
    done(trigger_answer);
  }
  void publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                     Done<sdk::BatchAnswer> done) override {
    batches.push_back(std::move(events));
    batch_key = std::move(idempotency_key);
    if (failure) return done(*failure);
    done(sdk::BatchAnswer());
  }
  void channels(sdk::ChannelsQuery query, Done<sdk::ChannelsAnswer> done) override {
    ++channels_calls;
    asked_prefix = query.prefix;
    if (holds_answers) {
      held.emplace_back([this, done] { done(occupied); });
    } else if (failure) {
      done(*failure);
    } else {
      done(occupied);
    }
  }
  void channel(std::string, sdk::ChannelQuery query, Done<sdk::ChannelAnswer> done) override {
    sdk::ChannelAnswer answer;
    answer.occupied = true;
    if (query.user_count) answer.user_count = 2;
    if (query.subscription_count) answer.subscription_count = 3;
    done(answer);
  }
  void members(std::string channel, Done<std::vector<std::string>> done) override {
    asked_members.push_back(std::move(channel));
    if (members_failure) return done(*members_failure);
    done(std::vector<std::string>{"7", "8"});
  }
  void user_count(Done<std::uint64_t> done) override {
    if (!users) return done(error(sdk::ErrorKind::kNotFound));
    done(*users);
  }
  void terminate_user(std::string user_id, Done<void> done) override {
    terminated.push_back(std::move(user_id));
    done({});
  }
  std::chrono::milliseconds health_age_max() const override { return std::chrono::seconds(1); }

  static sdk::Error error(sdk::ErrorKind kind, int status = 0) {
    sdk::Error made;
    made.kind = kind;
    made.message = "a reason";
    made.http_status = status;
    return made;
  }

  std::vector<sdk::Event> published;
  std::vector<std::vector<sdk::BatchEvent>> batches;
  std::string batch_key;
  std::vector<std::string> terminated;
  std::vector<std::string> asked_members;
  std::string asked_prefix;
  int channels_calls = 0;
  bool holds_answers = false;
  std::vector<std::function<void()>> held;
  std::optional<sdk::Error> failure;
  std::optional<sdk::Error> members_failure;
  std::optional<std::uint64_t> users = 4;
  sdk::TriggerAnswer trigger_answer;
  sdk::ChannelsAnswer occupied;
};

struct TestAnswer {
  int status = 0;
  std::string head;
  std::string body;

  bool has_header(std::string_view line) const {
    return head.find("\r\n" + std::string(line) + "\r\n") != std::string::npos;
  }
  // The text at "error"."code", or of a member of the root.
  std::string code() const { return nested("error", "code"); }
  std::string message() const { return nested("error", "message"); }
  std::string text(std::string_view key) const {
    json::Reader reader;
    const json::Value* value = reader.parse_object(body).ok() ? reader.find(key) : nullptr;
    return value == nullptr ? "" : std::string(value->text);
  }

 private:
  std::string nested(std::string_view outer, std::string_view inner) const {
    json::Reader reader;
    const json::Value* value = reader.parse_object(body).ok() ? reader.find(outer) : nullptr;
    json::Reader members;
    const json::Value* found =
        value != nullptr && members.parse_object(value->raw).ok() ? members.find(inner) : nullptr;
    return found == nullptr ? "" : std::string(found->text);
  }
};

inline constexpr std::string_view kTokenSecret = "0123456789abcdef0123456789abcdef";
inline constexpr std::string_view kMasterKey = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

class GatewayTest : public httpd::ServerTest {
 protected:
  GatewayTest() {
    gateway_options_.jwt.secret = kTokenSecret;
    access_.rules = access::shipped_rules();
  }
  // The order in which the program does it.
  ~GatewayTest() override {
    if (gateway_ == nullptr) return;
    gateway_->stop_outgoing();
    listener_.reset();
    server_.reset();
    loop_->discard_tasks();
  }

  Gateway& gateway() {
    if (gateway_ != nullptr) return *gateway_;
    auto backend = std::make_unique<FakeBackend>();
    backend_ = backend.get();
    auto table = access::AccessTable::build(access_);
    EXPECT_TRUE(table.ok());
    GatewaySetup setup{.options = gateway_options_,
                       .access = *table,
                       .credentials = {.key = "app-key", .secret = "app-secret"},
                       .master_key = {},
                       .webhook_keys = {{.key = "app-key", .secret = "app-secret"}},
                       .backend = std::move(backend)};
    if (has_master_key_) setup.master_key = *sdk::MasterKey::from_base64(kMasterKey);
    auto made = Gateway::create(std::move(setup), loop(), clock_);
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().message);
    gateway_ = *std::move(made);
    router_ = httpd::Router();
    gateway_->add_routes(router_);
    return *gateway_;
  }
  FakeBackend& backend() {
    gateway();
    return *backend_;
  }

  // A token of these further claims: R"("role":"teacher")".
  std::string token(std::string_view user_id, std::string_view role, std::string_view more = "") {
    const auto now = std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
    std::string claims = R"({"sub":")" + std::string(user_id) + R"(","exp":)" + std::to_string(now + 600);
    if (!role.empty()) claims += R"(,"role":")" + std::string(role) + "\"";
    return jwt::mint_hs256(claims + std::string(more) + "}", kTokenSecret);
  }
  static std::string bearer(std::string_view token) { return "Authorization: Bearer " + std::string(token) + "\r\n"; }
  std::string as(std::string_view user_id, std::string_view role, std::string_view more = "") {
    return bearer(token(user_id, role, more));
  }

  TestAnswer ask(std::string_view method, std::string_view target, std::string_view headers = "",
                 std::string_view body = "") {
    gateway();
    httpd::TestClient client = connect();
    client.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: gateway\r\n" +
                std::string(headers) + "Content-Length: " + std::to_string(body.size()) +
                "\r\nConnection: close\r\n\r\n" + std::string(body));
    EXPECT_TRUE(receive_end(client));
    const std::size_t end = client.received.find("\r\n\r\n");
    if (end == std::string::npos) return {};
    return {.status = std::stoi(client.received.substr(9, 3)),
            .head = client.received.substr(0, end + 2),
            .body = client.received.substr(end + 4)};
  }
  TestAnswer post(std::string_view target, std::string_view headers, std::string_view body) {
    return ask("POST", target, std::string(headers) + "Content-Type: application/json\r\n", body);
  }
  TestAnswer form(std::string_view target, std::string_view headers, std::string_view body) {
    return ask("POST", target, std::string(headers) + "Content-Type: application/x-www-form-urlencoded\r\n", body);
  }
  TestAnswer authorize(std::string_view headers, std::string_view channel) {
    return form("/api/v1/pusher/auth", headers, "socket_id=1.2&channel_name=" + std::string(channel));
  }
  TestAnswer trigger(std::string_view headers, std::string_view channel) {
    return post("/api/v1/realtime/trigger", headers,
                R"({"channel":")" + std::string(channel) + R"(","event":"e","data":"d"})");
  }

  GatewayOptions gateway_options_;
  access::AccessOptions access_;
  bool has_master_key_ = true;
  FakeBackend* backend_ = nullptr;
  std::unique_ptr<Gateway> gateway_;
};

}  // namespace fanfare::gateway
