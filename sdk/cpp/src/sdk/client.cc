#include "fanfare/client.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/random.h"
#include "fanfare/names.h"
#include "sdk/answers.h"
#include "sdk/caller.h"
#include "sdk/calls.h"
#include "sdk/conversion.h"
#include "sdk/curl_transport.h"
#include "sdk/delays.h"
#include "sdk/settings.h"

namespace fanfare::sdk {
namespace {

// The client whose callback this thread is in, or null.
thread_local const void* callback_of = nullptr;

template <typename T>
class Waiting {
 public:
  void set(Result<T> result) {
    const std::lock_guard lock(mutex_);
    result_ = std::move(result);
    arrived_.notify_one();
  }
  Result<T> take() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return result_.has_value(); });
    return *std::move(result_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::optional<Result<T>> result_;
};

std::unique_ptr<Transport> own_transport(const Options& options) {
  return make_curl_transport({.connect_timeout = options.connect_timeout,
                              .connections_max = options.connections_max,
                              .answer_bytes_max = options.answer_bytes_max,
                              .proxy = options.proxy,
                              .ca_file = options.ca_file,
                              .user_agent = "fanfare-cpp/" FANFARE_SDK_VERSION});
}

std::vector<Credentials> webhook_keys(const Options& options) {
  std::vector<Credentials> keys{{options.key, options.secret}};
  keys.insert(keys.end(), options.webhook_keys.begin(), options.webhook_keys.end());
  return keys;
}

Error disabled() { return {.kind = ErrorKind::kDisabled, .message = "the client is disabled (PUSHER_ENABLED=false)"}; }

Result<void> read_nothing(std::string_view) { return {}; }

}  // namespace

class Client::Impl {
 public:
  Impl(Settings settings, std::unique_ptr<Transport> transport)
      : settings_(std::move(settings)),
        authorizer_({settings_.options.key, settings_.options.secret}, settings_.master_key, settings_.options.limits),
        validator_(webhook_keys(settings_.options),
                   {.window = settings_.options.webhook_window, .master_key = settings_.master_key}),
        delays_(make_delays()),
        transport_(transport != nullptr ? std::move(transport) : own_transport(settings_.options)),
        caller_(settings_, *transport_, *delays_, clock_, secure_random_u64()) {}

  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    caller_.stop();
    delays_->stop();
    transport_.reset();  // calls what is not answered, through caller_
  }

  // Makes the call, if there is one; `read` makes the answer of its body.
  template <typename T>
  void start(Result<Call> call, Result<T> (*read)(std::string_view), Callback<T> on_answer) {
    if (!settings_.options.enabled) return deliver<T>(on_answer, disabled());
    if (!call.ok()) return deliver<T>(on_answer, std::move(call).error());
    caller_.start(*std::move(call), [this, read, on_answer = std::move(on_answer)](Result<HttpResponse> response) {
      deliver<T>(on_answer, response.ok() ? read(response->body) : Result<T>(std::move(response).error()));
    });
  }

  void start_generic(Result<Call> call, Callback<Answer> on_answer) {
    if (!settings_.options.enabled) return deliver<Answer>(on_answer, disabled());
    if (!call.ok()) return deliver<Answer>(on_answer, std::move(call).error());
    caller_.start(*std::move(call), [this, on_answer = std::move(on_answer)](Result<HttpResponse> response) {
      if (!response.ok()) return deliver<Answer>(on_answer, std::move(response).error());
      deliver<Answer>(on_answer, Answer{.status = response->status, .body = std::move(response->body)});
    });
  }

  // Whether publishing is off; then `events` count as skipped.
  bool skips(std::size_t events) {
    if (settings_.options.enabled) return false;
    skipped_.fetch_add(events);
    return true;
  }

  template <typename T>
  void deliver(const Callback<T>& on_answer, Result<T> result) {
    const void* outer = std::exchange(callback_of, this);
    on_answer(std::move(result));
    callback_of = outer;
  }

  // Blocks until what `start` begins has its answer.
  template <typename T>
  Result<T> wait(const std::function<void(Callback<T>)>& start) {
    if (callback_of == this) {
      return refused("a blocking call in a callback of the same client would wait for itself: use the _async form");
    }
    const auto waiting = std::make_shared<Waiting<T>>();
    start([waiting](Result<T> result) { waiting->set(std::move(result)); });
    return waiting->take();
  }

  ClientStats stats() const noexcept {
    ClientStats stats = caller_.stats();
    stats.publishes_skipped = skipped_;
    return stats;
  }

  const Settings& settings() const noexcept { return settings_; }
  const Authorizer& authorizer() const noexcept { return authorizer_; }
  const WebhookValidator& validator() const noexcept { return validator_; }

 private:
  const Settings settings_;
  const Authorizer authorizer_;
  const WebhookValidator validator_;
  const SystemClock clock_;
  std::atomic<std::uint64_t> skipped_{0};
  std::unique_ptr<Delays> delays_;
  std::unique_ptr<Transport> transport_;
  Caller caller_;
};

Result<Client> Client::create(Options options, std::unique_ptr<Transport> transport) {
  Result<Settings> settings = check_options(std::move(options));
  if (!settings.ok()) return std::move(settings).error();
  return Client(std::make_unique<Impl>(*std::move(settings), std::move(transport)));
}

Client::Client(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

// ---- Publishing

Result<TriggerAnswer> Client::trigger(std::string_view channel, std::string_view name, std::string_view data) {
  return trigger(Event{.channels = {std::string(channel)}, .name = std::string(name), .data = std::string(data)});
}

Result<TriggerAnswer> Client::trigger(const Event& event) {
  return impl_->wait<TriggerAnswer>([&](auto on_answer) { trigger_async(event, std::move(on_answer)); });
}

void Client::trigger_async(const Event& event, Callback<TriggerAnswer> on_answer) {
  if (impl_->skips(1)) return impl_->deliver<TriggerAnswer>(on_answer, TriggerAnswer{.skipped = true});
  impl_->start(trigger_call(impl_->settings(), event), &read_trigger_answer, std::move(on_answer));
}

Result<BatchAnswer> Client::trigger_batch(const std::vector<BatchEvent>& events, std::string_view idempotency_key) {
  return impl_->wait<BatchAnswer>(
      [&](auto on_answer) { trigger_batch_async(events, std::move(on_answer), idempotency_key); });
}

void Client::trigger_batch_async(const std::vector<BatchEvent>& events, Callback<BatchAnswer> on_answer,
                                 std::string_view idempotency_key) {
  if (impl_->skips(events.size())) return impl_->deliver<BatchAnswer>(on_answer, BatchAnswer{.skipped = true});
  impl_->start(trigger_batch_call(impl_->settings(), events, idempotency_key), &read_batch_answer,
               std::move(on_answer));
}

Result<TriggerAnswer> Client::send_to_user(std::string_view user_id, std::string_view name, std::string_view data) {
  return impl_->wait<TriggerAnswer>(
      [&](auto on_answer) { send_to_user_async(user_id, name, data, std::move(on_answer)); });
}

void Client::send_to_user_async(std::string_view user_id, std::string_view name, std::string_view data,
                                Callback<TriggerAnswer> on_answer) {
  if (!impl_->settings().options.enabled) return trigger_async({}, std::move(on_answer));
  if (Status checked = check_user_id(user_id, true, impl_->settings().options.limits); !checked.ok()) {
    return impl_->deliver<TriggerAnswer>(on_answer, std::move(checked).error());
  }
  trigger_async({.channels = {server_to_user_channel(user_id)}, .name = std::string(name), .data = std::string(data)},
                std::move(on_answer));
}

// ---- Channels and users

Result<ChannelsAnswer> Client::channels(const ChannelsQuery& query) {
  return impl_->wait<ChannelsAnswer>([&](auto on_answer) { channels_async(query, std::move(on_answer)); });
}

void Client::channels_async(const ChannelsQuery& query, Callback<ChannelsAnswer> on_answer) {
  impl_->start(channels_call(impl_->settings(), query), &read_channels_answer, std::move(on_answer));
}

Result<ChannelAnswer> Client::channel(std::string_view channel, const ChannelQuery& query) {
  return impl_->wait<ChannelAnswer>([&](auto on_answer) { channel_async(channel, query, std::move(on_answer)); });
}

void Client::channel_async(std::string_view channel, const ChannelQuery& query, Callback<ChannelAnswer> on_answer) {
  impl_->start(channel_call(impl_->settings(), channel, query), &read_channel_answer, std::move(on_answer));
}

Result<std::vector<std::string>> Client::users(std::string_view channel) {
  return impl_->wait<std::vector<std::string>>([&](auto on_answer) { users_async(channel, std::move(on_answer)); });
}

void Client::users_async(std::string_view channel, Callback<std::vector<std::string>> on_answer) {
  impl_->start(users_call(impl_->settings(), channel), &read_users_answer, std::move(on_answer));
}

Status Client::terminate_user_connections(std::string_view user_id) {
  return impl_->wait<void>([&](auto on_answer) { terminate_user_connections_async(user_id, std::move(on_answer)); });
}

void Client::terminate_user_connections_async(std::string_view user_id, Callback<void> on_answer) {
  impl_->start(terminate_call(impl_->settings(), user_id), &read_nothing, std::move(on_answer));
}

Status Client::kick_user(std::string_view channel, std::string_view user_id) {
  return impl_->wait<void>([&](auto on_answer) { kick_user_async(channel, user_id, std::move(on_answer)); });
}

void Client::kick_user_async(std::string_view channel, std::string_view user_id, Callback<void> on_answer) {
  impl_->start(kick_call(impl_->settings(), channel, user_id), &read_nothing, std::move(on_answer));
}

// ---- Anything else, signed

Result<Answer> Client::get(std::string_view path, const Parameters& parameters) {
  return impl_->wait<Answer>([&](auto on_answer) { get_async(path, parameters, std::move(on_answer)); });
}

void Client::get_async(std::string_view path, const Parameters& parameters, Callback<Answer> on_answer) {
  impl_->start_generic(get_call(impl_->settings(), path, parameters), std::move(on_answer));
}

Result<Answer> Client::post(std::string_view path, std::string_view body, const Parameters& parameters,
                            std::string_view idempotency_key) {
  return impl_->wait<Answer>(
      [&](auto on_answer) { post_async(path, body, std::move(on_answer), parameters, idempotency_key); });
}

void Client::post_async(std::string_view path, std::string_view body, Callback<Answer> on_answer,
                        const Parameters& parameters, std::string_view idempotency_key) {
  impl_->start_generic(post_call(impl_->settings(), path, body, parameters, idempotency_key), std::move(on_answer));
}

// ---- Without the network

const Authorizer& Client::authorizer() const noexcept { return impl_->authorizer(); }

Result<ChannelAuthorization> Client::authorize_channel(std::string_view socket_id, std::string_view channel) const {
  return authorizer().authorize_channel(socket_id, channel);
}

Result<ChannelAuthorization> Client::authorize_channel(std::string_view socket_id, std::string_view channel,
                                                       const PresenceMember& member) const {
  return authorizer().authorize_channel(socket_id, channel, member);
}

Result<UserAuthentication> Client::authenticate_user(std::string_view socket_id, const UserData& user) const {
  return authorizer().authenticate_user(socket_id, user);
}

Result<Webhook> Client::webhook(const WebhookRequest& request) const { return impl_->validator().validate(request); }

const Options& Client::options() const noexcept { return impl_->settings().options; }
const std::string& Client::base_url() const noexcept { return impl_->settings().base_url; }
ClientStats Client::stats() const noexcept { return impl_->stats(); }

}  // namespace fanfare::sdk
