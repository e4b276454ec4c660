#include "gateway/sdk_backend.h"

#include <utility>

#include "json/json_reader.h"

namespace fanfare::gateway {
namespace {

constexpr std::chrono::milliseconds kFanfareHealthAge{1'000};

bool is_hosted(const sdk::Client& client) {
  if (client.options().server != sdk::ServerKind::kAutomatic) {
    return client.options().server == sdk::ServerKind::kHostedPusher;
  }
  const std::string& url = client.base_url();
  return url.find(".pusher.com:") != std::string::npos || url.find(".pusherapp.com:") != std::string::npos;
}

// Wire: {"user_count":2}
sdk::Result<std::uint64_t> count_of(const sdk::Answer& answer) {
  json::Reader reader;
  const json::Value* count = reader.parse_object(answer.body).ok() ? reader.find("user_count") : nullptr;
  const auto number = count == nullptr ? std::nullopt : count->integer();
  if (number && *number >= 0) return static_cast<std::uint64_t>(*number);
  sdk::Error error;
  error.kind = sdk::ErrorKind::kBadAnswer;
  error.message = "expected a user_count";
  error.http_status = answer.status;
  return error;
}

}  // namespace

SdkBackend::SdkBackend(sdk::Client client, Executor& loop, std::chrono::seconds hosted_health_age)
    : client_(std::move(client)), loop_(loop), is_hosted_(is_hosted(client_)), hosted_health_age_(hosted_health_age) {}

SdkBackend::~SdkBackend() = default;

template <typename T>
sdk::Callback<T> SdkBackend::on_loop(Done<T> done) const {
  return [&loop = loop_, done = std::move(done)](sdk::Result<T> result) {
    loop.post([done, answer = std::make_shared<sdk::Result<T>>(std::move(result))] { done(std::move(*answer)); });
  };
}

void SdkBackend::publish(sdk::Event event, Done<sdk::TriggerAnswer> done) {
  client_.trigger_async(event, on_loop(std::move(done)));
}

void SdkBackend::publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                               Done<sdk::BatchAnswer> done) {
  client_.trigger_batch_async(events, on_loop(std::move(done)), idempotency_key);
}

void SdkBackend::channels(sdk::ChannelsQuery query, Done<sdk::ChannelsAnswer> done) {
  client_.channels_async(query, on_loop(std::move(done)));
}

void SdkBackend::channel(std::string name, sdk::ChannelQuery query, Done<sdk::ChannelAnswer> done) {
  client_.channel_async(name, query, on_loop(std::move(done)));
}

void SdkBackend::members(std::string channel, Done<std::vector<std::string>> done) {
  client_.users_async(channel, on_loop(std::move(done)));
}

void SdkBackend::user_count(Done<std::uint64_t> done) {
  if (is_hosted_) {
    sdk::Error error;
    error.kind = sdk::ErrorKind::kNotFound;
    error.message = "hosted Pusher does not count users";
    return done(std::move(error));
  }
  client_.get_async("/users", {}, on_loop<sdk::Answer>([done = std::move(done)](sdk::Result<sdk::Answer> answer) {
                      if (!answer.ok()) return done(std::move(answer).error());
                      done(count_of(*answer));
                    }));
}

void SdkBackend::terminate_user(std::string user_id, Done<void> done) {
  client_.terminate_user_connections_async(user_id, on_loop(std::move(done)));
}

std::chrono::milliseconds SdkBackend::health_age_max() const {
  return is_hosted_ ? std::chrono::milliseconds(hosted_health_age_) : kFanfareHealthAge;
}

}  // namespace fanfare::gateway
