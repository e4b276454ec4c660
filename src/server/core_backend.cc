#include "server/core_backend.h"

#include <utility>

#include "core/publisher.h"
#include "core/queries.h"
#include "fanfare/names.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "pusher/socket_id.h"
#include "server/worker.h"

namespace fanfare::server {

namespace {

using gateway::Done;

// A walk over all channels; short enough for a page that asks twice in a row, long enough for one that never stops.
constexpr std::chrono::milliseconds kHealthAge{100};

sdk::Error error(sdk::ErrorKind kind, std::string message) {
  sdk::Error made;
  made.kind = kind;
  made.message = std::move(message);
  return made;
}

sdk::Error from(const Error& refusal) {
  const bool is_full = refusal.kind == ErrorKind::kUnavailable || refusal.kind == ErrorKind::kLimit;
  return error(is_full ? sdk::ErrorKind::kLimit : sdk::ErrorKind::kRejected, refusal.message);
}

// One event with its JSON tokens, for one or several channels.
struct Prepared {
  std::vector<std::string> channels;
  std::string name_token;
  std::string data_token;
  core::ConnectionRef except;
};

std::string token_of(std::string_view text) {
  std::string token;
  json::append_string(token, text);
  return token;
}

// What the app allows may be less than what the gateway does. As the HTTP API has it.
sdk::Status check_limits(const core::AppLimits& limits, const std::vector<std::string>& channels,
                         const std::string& name) {
  const auto rejected = [](const std::string& what, std::size_t found, std::size_t most) -> sdk::Status {
    if (found <= most) return {};
    return error(sdk::ErrorKind::kRejected,
                 what + std::to_string(found) + ", this app allows at most " + std::to_string(most));
  };
  if (auto status = rejected("channels of an event: ", channels.size(), limits.publish_channels); !status.ok()) {
    return status;
  }
  for (const std::string& channel : channels) {
    if (auto traits = pusher::parse_channel_name(channel, limits.channel_name_chars); !traits.ok()) {
      return error(sdk::ErrorKind::kRejected, traits.error().message);
    }
  }
  return rejected("characters of the event's name: ", pusher::count_chars(name), limits.event_name_chars);
}

sdk::Result<Prepared> prepare(const core::App& app, const std::optional<sdk::MasterKey>& master_key,
                              std::vector<std::string> channels, const std::string& name, std::string data,
                              const std::string& socket_id) {
  if (sdk::Status allowed = check_limits(app.limits, channels, name); !allowed.ok()) return allowed.error();
  for (const std::string& channel : channels) {
    if (!sdk::is_encrypted_channel(channel)) continue;
    if (!master_key) return error(sdk::ErrorKind::kInvalid, "encrypted channels need a master key");
    auto sealed = master_key->encrypt(channel, data);
    if (!sealed.ok()) return std::move(sealed).error();
    data = *std::move(sealed);
  }
  if (app.limits.event_data_bytes != 0 && data.size() > app.limits.event_data_bytes) {
    return error(sdk::ErrorKind::kTooLarge, "the event's data is " + std::to_string(data.size()) + " bytes, at most " +
                                                std::to_string(app.limits.event_data_bytes) + " are allowed");
  }
  Prepared prepared{
      .channels = std::move(channels), .name_token = token_of(name), .data_token = token_of(data), .except = {}};
  if (const auto id = pusher::parse_socket_id(socket_id)) prepared.except = core::ConnectionRef(*id);
  return prepared;
}

sdk::Status publish_now(core::LoopCore& core, const core::App& app, const std::vector<Prepared>& events) {
  std::vector<core::OutgoingEvent> outgoing;
  for (const Prepared& event : events) {
    const core::EventTokens tokens{.name = event.name_token, .data = event.data_token, .user_id = {}};
    for (const std::string& channel : event.channels) {
      outgoing.push_back({.channel = core::ChannelView(app.index, channel), .event = tokens, .except = event.except});
    }
  }
  const auto now_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(core.clock().monotonic().time_since_epoch());
  if (!app.usage->try_take_publishes(static_cast<std::uint32_t>(outgoing.size()), app.limits.publishes_per_second,
                                     now_ms.count())) {
    return error(sdk::ErrorKind::kLimit, "the app's publishes_per_second are used up");
  }
  Status published = core::Publisher(core).publish(app, outgoing, core::EventSource::kApi);
  return published.ok() ? sdk::Status() : sdk::Status(from(published.error()));
}

// Publishes, unless an earlier call with the same key did; `done` gets the outcome. On the worker's loop.
void publish_once(core::LoopCore& core, const core::AppRef& app, const std::string& key, std::vector<Prepared> events,
                  std::function<void(sdk::Status)> done) {
  if (key.empty()) return done(publish_now(core, *app, events));
  core::begin_idempotent(
      core, *app, key,
      [&core, app, key, events = std::move(events), done = std::move(done)](core::IdempotencyVerdict verdict,
                                                                            const core::PublishAnswer& earlier) {
        if (verdict == core::IdempotencyVerdict::kBusy) {
          return done(error(sdk::ErrorKind::kLimit, "too many requests wait for the first one with this key"));
        }
        if (verdict == core::IdempotencyVerdict::kRepeat) {
          if (earlier.status == 200) return done({});
          return done(error(sdk::ErrorKind::kRejected, earlier.body));
        }
        const sdk::Status published = publish_now(core, *app, events);
        if (published.ok()) {
          core::finish_idempotent(core, *app, key, {.status = 200, .content_type = "application/json", .body = "{}"});
        } else {
          core::abandon_idempotent(core, *app, key);
        }
        done(published);
      });
}

sdk::ChannelCounts counts_of(const std::string& channel, const sdk::CountInfo& info,
                             const core::ChannelCounts& counts) {
  sdk::ChannelCounts made;
  if (info.user_count && pusher::channel_traits(channel).has_members()) made.user_count = counts.user_count;
  if (info.subscription_count) made.subscription_count = counts.subscription_count;
  return made;
}

sdk::TriggerAnswer trigger_answer(const std::vector<std::string>& channels, const sdk::CountInfo& info,
                                  const std::vector<core::ChannelCounts>& counts) {
  sdk::TriggerAnswer made;
  for (std::size_t i = 0; i < channels.size(); ++i)
    made.channels[channels[i]] = counts_of(channels[i], info, counts[i]);
  return made;
}

sdk::BatchAnswer batch_answer(const std::vector<sdk::BatchEvent>& events,
                              const std::vector<core::ChannelCounts>& counts) {
  sdk::BatchAnswer made;
  for (std::size_t i = 0; i < events.size(); ++i) {
    made.events.push_back(counts_of(events[i].channel, events[i].info, counts[i]));
  }
  return made;
}

// What the HTTP API refuses, too.
sdk::Status check_counts(const core::App& app, const sdk::CountInfo& info) {
  if (!info.subscription_count || app.switches.subscription_count) return {};
  return error(sdk::ErrorKind::kRejected,
               "subscription counting is not enabled for this app (subscription_count = true in its settings)");
}

bool wants_counts(const sdk::CountInfo& info) { return info.user_count || info.subscription_count; }

}  // namespace

struct CoreBackend::Shared {
  Worker& worker;
  std::string app_id;
  std::optional<sdk::MasterKey> master_key;
  Executor& gateway_loop;

  // To be called on the worker's loop.
  template <typename T>
  void reply(const Done<T>& done, sdk::Result<T> result) const {
    gateway_loop.post(
        [done, answer = std::make_shared<sdk::Result<T>>(std::move(result))] { done(std::move(*answer)); });
  }
};

CoreBackend::CoreBackend(Worker& worker, std::string app_id, std::optional<sdk::MasterKey> master_key,
                         Executor& gateway_loop)
    : shared_(std::make_shared<const Shared>(Shared{worker, std::move(app_id), std::move(master_key), gateway_loop})) {}

CoreBackend::~CoreBackend() = default;

template <typename T, typename Work>
void CoreBackend::ask(Done<T> done, Work work) {
  Executor& worker_loop = shared_->worker.loop();
  if (!worker_loop.try_reserve(1)) {
    return done(error(sdk::ErrorKind::kLimit, "the server takes no more at the moment"));
  }
  worker_loop.post_reserved([shared = shared_, done = std::move(done), work = std::move(work)] {
    const core::AppRef* app = shared->worker.apps().find_by_id(shared->app_id);
    if (app == nullptr || !(*app)->switches.enabled) {
      return shared->template reply<T>(done, error(sdk::ErrorKind::kForbidden, "the app is disabled, or gone"));
    }
    work(shared, shared->worker.core(), *app, done);
  });
}

void CoreBackend::publish(sdk::Event event, Done<sdk::TriggerAnswer> done) {
  ask<sdk::TriggerAnswer>(
      std::move(done), [event = std::move(event)](const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                                  const core::AppRef& app, const Done<sdk::TriggerAnswer>& answer) {
        if (sdk::Status allowed = check_counts(*app, event.info); !allowed.ok()) {
          return shared->reply<sdk::TriggerAnswer>(answer, allowed.error());
        }
        auto prepared = prepare(*app, shared->master_key, event.channels, event.name, event.data, event.socket_id);
        if (!prepared.ok()) return shared->reply<sdk::TriggerAnswer>(answer, prepared.error());
        publish_once(
            core, app, event.idempotency_key, {*prepared},
            [shared, &core, app, channels = event.channels, info = event.info, answer](const sdk::Status& published) {
              if (!published.ok()) return shared->reply<sdk::TriggerAnswer>(answer, published.error());
              if (!wants_counts(info)) return shared->reply<sdk::TriggerAnswer>(answer, sdk::TriggerAnswer());
              core::query_counts(core, app->index, channels,
                                 [shared, app, channels, info, answer](const std::vector<core::ChannelCounts>& counts) {
                                   shared->reply<sdk::TriggerAnswer>(answer, trigger_answer(channels, info, counts));
                                 });
            });
      });
}

void CoreBackend::publish_batch(std::vector<sdk::BatchEvent> events, std::string idempotency_key,
                                Done<sdk::BatchAnswer> done) {
  ask<sdk::BatchAnswer>(std::move(done), [events = std::move(events), key = std::move(idempotency_key)](
                                             const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                             const core::AppRef& app, const Done<sdk::BatchAnswer>& answer) {
    if (events.size() > app->limits.publish_batch_events) {
      return shared->reply<sdk::BatchAnswer>(
          answer, error(sdk::ErrorKind::kRejected, "the batch has " + std::to_string(events.size()) +
                                                       " events, this app allows at most " +
                                                       std::to_string(app->limits.publish_batch_events)));
    }
    std::vector<Prepared> prepared;
    std::vector<std::string> channels;
    bool counts_wanted = false;
    for (const sdk::BatchEvent& event : events) {
      if (sdk::Status allowed = check_counts(*app, event.info); !allowed.ok()) {
        return shared->reply<sdk::BatchAnswer>(answer, allowed.error());
      }
      auto one = prepare(*app, shared->master_key, {event.channel}, event.name, event.data, event.socket_id);
      if (!one.ok()) return shared->reply<sdk::BatchAnswer>(answer, one.error());
      prepared.push_back(*std::move(one));
      channels.push_back(event.channel);
      counts_wanted = counts_wanted || wants_counts(event.info);
    }
    publish_once(core, app, key, std::move(prepared),
                 [shared, &core, app, events, channels, counts_wanted, answer](const sdk::Status& published) {
                   if (!published.ok()) return shared->reply<sdk::BatchAnswer>(answer, published.error());
                   if (!counts_wanted) return shared->reply<sdk::BatchAnswer>(answer, sdk::BatchAnswer());
                   core::query_counts(core, app->index, channels,
                                      [shared, app, events, answer](const std::vector<core::ChannelCounts>& counts) {
                                        shared->reply<sdk::BatchAnswer>(answer, batch_answer(events, counts));
                                      });
                 });
  });
}

void CoreBackend::channels(sdk::ChannelsQuery query, Done<sdk::ChannelsAnswer> done) {
  ask<sdk::ChannelsAnswer>(std::move(done), [query = std::move(query)](const std::shared_ptr<const Shared>& shared,
                                                                       core::LoopCore& core, const core::AppRef& app,
                                                                       const Done<sdk::ChannelsAnswer>& answer) {
    core::query_channels(core, app->index, query.prefix,
                         [shared, answer, user_count = query.user_count](const std::vector<core::NamedCounts>& found) {
                           sdk::ChannelsAnswer made;
                           for (const core::NamedCounts& channel : found) {
                             sdk::ChannelCounts& counts = made[channel.channel];
                             if (user_count) counts.user_count = channel.counts.user_count;
                           }
                           shared->reply<sdk::ChannelsAnswer>(answer, std::move(made));
                         });
  });
}

void CoreBackend::channel(std::string name, sdk::ChannelQuery query, Done<sdk::ChannelAnswer> done) {
  ask<sdk::ChannelAnswer>(std::move(done), [name = std::move(name), query](
                                               const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                               const core::AppRef& app, const Done<sdk::ChannelAnswer>& answer) {
    const sdk::CountInfo info{.user_count = query.user_count, .subscription_count = query.subscription_count};
    if (sdk::Status allowed = check_counts(*app, info); !allowed.ok()) {
      return shared->reply<sdk::ChannelAnswer>(answer, allowed.error());
    }
    core::query_channel(core, core::ChannelView(app->index, name),
                        [shared, answer, name, info](const core::ChannelAnswer& found) {
                          const sdk::ChannelCounts counts = counts_of(name, info, found.counts);
                          sdk::ChannelAnswer made;
                          made.occupied = found.counts.subscription_count != 0;
                          made.user_count = counts.user_count;
                          made.subscription_count = counts.subscription_count;
                          shared->reply<sdk::ChannelAnswer>(answer, std::move(made));
                        });
  });
}

void CoreBackend::members(std::string channel, Done<std::vector<std::string>> done) {
  using Ids = std::vector<std::string>;
  ask<Ids>(std::move(done),
           [channel = std::move(channel)](const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                          const core::AppRef& app, const Done<Ids>& answer) {
             core::query_members(core, core::ChannelView(app->index, channel),
                                 [shared, answer](Ids ids) { shared->reply<Ids>(answer, std::move(ids)); });
           });
}

void CoreBackend::user_count(Done<std::uint64_t> done) {
  ask<std::uint64_t>(std::move(done), [](const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                         const core::AppRef& app, const Done<std::uint64_t>& answer) {
    core::query_users(core, app->index, [shared, answer](const std::vector<std::string>& users) {
      shared->reply<std::uint64_t>(answer, std::uint64_t{users.size()});
    });
  });
}

void CoreBackend::terminate_user(std::string user_id, Done<void> done) {
  ask<void>(std::move(done),
            [user_id = std::move(user_id)](const std::shared_ptr<const Shared>& shared, core::LoopCore& core,
                                           const core::AppRef& app, const Done<void>& answer) {
              core::terminate_user(core, app->index, user_id);
              shared->reply<void>(answer, sdk::Status());
            });
}

std::chrono::milliseconds CoreBackend::health_age_max() const { return kHealthAge; }

}  // namespace fanfare::server
