// Client: publishes events and asks about channels over the signed HTTP API, of Fanfare or hosted Pusher.
//
//   auto client = fanfare::sdk::Client::create({.app_id = "1", .key = "app-key", .secret = "app-secret",
//                                               .host = "127.0.0.1", .use_tls = false, .port = 6001});
//   if (!client.ok()) return fail(client.error().message);
//   auto sent = client->trigger("orders", "order.created", R"({"n":1})");
//
// Thread: every function from any thread, several at a time. A program needs one Client for each app.
// Forms:  each request blocks, or, as …_async, returns at once and calls back once, later, on a thread of the client
//         (or within the call, when it is refused here). A callback must not throw or destroy the client; blocking
//         calls of the same client in it fail with kInvalid, asynchronous ones are fine.
// Owns:   its connections, kept alive between requests, and up to two threads.
// Fails:  as values. kInvalid before anything is sent; the kinds of result.h for what the server or the network did.
// Bounds: Options::pending_requests_max, timeouts, answer_bytes_max; what is sent is checked against Limits first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "fanfare/auth.h"
#include "fanfare/events.h"
#include "fanfare/options.h"
#include "fanfare/request_signature.h"
#include "fanfare/result.h"
#include "fanfare/transport.h"
#include "fanfare/webhook.h"

namespace fanfare::sdk {

// Of the …_async forms: called once. See "Forms" above.
template <typename T>
using Callback = std::function<void(Result<T>)>;

// Since the client was made.
struct ClientStats {
  std::uint64_t requests = 0;           // calls that came to be sent, whatever the number of attempts
  std::uint64_t retries = 0;            // attempts beyond the first
  std::uint64_t failures = 0;           // of those calls
  std::uint64_t publishes_skipped = 0;  // events that were not sent because publishing is disabled
};

// See above.
class Client {
 public:
  // `transport`: instead of the library's own.
  // Fails: kInvalid, with everything that is wrong with `options`; never with a secret.
  static Result<Client> create(Options options, std::unique_ptr<Transport> transport = nullptr);

  // A client that was moved from may only be destroyed or assigned to.
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  // Gives up what is not answered: those callbacks are called with kStopped before it returns.
  ~Client();

  // ---- Publishing -------------------------------------------------------------------------------------------------

  // One channel. `data` is UTF-8, at most 10 KiB; JSON, where clients are to parse it.
  Result<TriggerAnswer> trigger(std::string_view channel, std::string_view name, std::string_view data);
  // One to a hundred channels, all or none.
  // Wire: POST /apps/<id>/events {"name":…,"channels":[…],"data":"…","socket_id":…,"info":…}
  Result<TriggerAnswer> trigger(const Event& event);
  void trigger_async(const Event& event, Callback<TriggerAnswer> on_answer);

  // One to ten events, all or none on Fanfare. `idempotency_key`: as Event's.
  // Wire: POST /apps/<id>/batch_events {"batch":[{"name":…,"channel":…,"data":"…"},…]}
  Result<BatchAnswer> trigger_batch(const std::vector<BatchEvent>& events, std::string_view idempotency_key = {});
  void trigger_batch_async(const std::vector<BatchEvent>& events, Callback<BatchAnswer> on_answer,
                           std::string_view idempotency_key = {});

  // To every connection that is signed in as the user: an event on #server-to-user-<user_id>.
  Result<TriggerAnswer> send_to_user(std::string_view user_id, std::string_view name, std::string_view data);
  void send_to_user_async(std::string_view user_id, std::string_view name, std::string_view data,
                          Callback<TriggerAnswer> on_answer);

  // ---- Channels and users -----------------------------------------------------------------------------------------

  // The occupied channels. Wire: GET /apps/<id>/channels
  Result<ChannelsAnswer> channels(const ChannelsQuery& query = {});
  void channels_async(const ChannelsQuery& query, Callback<ChannelsAnswer> on_answer);

  // One channel; a channel without subscribers is an answer, too. Wire: GET /apps/<id>/channels/<channel>
  Result<ChannelAnswer> channel(std::string_view channel, const ChannelQuery& query = {});
  void channel_async(std::string_view channel, const ChannelQuery& query, Callback<ChannelAnswer> on_answer);

  // Ids of the members of a presence channel, each once. Wire: GET /apps/<id>/channels/<channel>/users
  Result<std::vector<std::string>> users(std::string_view channel);
  void users_async(std::string_view channel, Callback<std::vector<std::string>> on_answer);

  // Closes every connection that is signed in as the user. Wire: POST /apps/<id>/users/<user_id>/terminate_connections
  Status terminate_user_connections(std::string_view user_id);
  void terminate_user_connections_async(std::string_view user_id, Callback<void> on_answer);

  // Fanfare only: takes the user's connections out of one channel.
  // Wire: POST /apps/<id>/channels/<channel>/users/<user_id>/kick
  Status kick_user(std::string_view channel, std::string_view user_id);
  void kick_user_async(std::string_view channel, std::string_view user_id, Callback<void> on_answer);

  // ---- Anything else, signed --------------------------------------------------------------------------------------

  // `path`: behind /apps/<id>, "/channels", not percent-encoded.
  Result<Answer> get(std::string_view path, const Parameters& parameters = {});
  void get_async(std::string_view path, const Parameters& parameters, Callback<Answer> on_answer);

  // `body`: JSON. With an `idempotency_key`, and against Fanfare, it may be repeated; without one it is not.
  Result<Answer> post(std::string_view path, std::string_view body, const Parameters& parameters = {},
                      std::string_view idempotency_key = {});
  void post_async(std::string_view path, std::string_view body, Callback<Answer> on_answer,
                  const Parameters& parameters = {}, std::string_view idempotency_key = {});

  // ---- Without the network ----------------------------------------------------------------------------------------

  // Signs with the client's key and master key; lives as long as the client.
  const Authorizer& authorizer() const noexcept;
  // The same, in short: the answers of an application's auth endpoints. See auth.h.
  Result<ChannelAuthorization> authorize_channel(std::string_view socket_id, std::string_view channel) const;
  Result<ChannelAuthorization> authorize_channel(std::string_view socket_id, std::string_view channel,
                                                 const PresenceMember& member) const;
  Result<UserAuthentication> authenticate_user(std::string_view socket_id, const UserData& user) const;

  // Checks with key and secret, and with Options::webhook_keys. See webhook.h.
  Result<Webhook> webhook(const WebhookRequest& request) const;

  // As given to create().
  const Options& options() const noexcept;
  // "https://api-eu.pusher.com:443"
  const std::string& base_url() const noexcept;
  // A snapshot; its counts may be of slightly different moments.
  ClientStats stats() const noexcept;

 private:
  class Impl;
  explicit Client(std::unique_ptr<Impl> impl) noexcept;

  std::unique_ptr<Impl> impl_;
};

}  // namespace fanfare::sdk
