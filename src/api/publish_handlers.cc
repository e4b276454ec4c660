#include "api/publish_handlers.h"

#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "core/publisher.h"
#include "core/queries.h"
#include "http/response.h"

namespace fanfare::api {

namespace {

// How the answer of a publish reaches the client, and the idempotency table where there is a key.
using Answer = std::function<void(core::PublishAnswer)>;

core::PublishAnswer json_answer(std::string body) { return {200, std::string(http::kJson), std::move(body)}; }

core::PublishAnswer text_answer(const Error& error) { return {status_of(error.kind), std::string(http::kPlainText), error.message}; }

void respond_answer(ApiContext& context, httpd::Responder& responder, const core::PublishAnswer& answer) {
  if (answer.status >= 400) return refuse(context, responder, ApiError{answer.status, answer.body});
  if (answer.body == "{}") return respond_empty_object(context, responder);
  respond_json(context, responder, answer.body);
}

Status take_rate(ApiContext& context, const core::App& app, std::size_t events) {
  const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.monotonic().time_since_epoch());
  if (app.usage->try_take_publishes(static_cast<std::uint32_t>(events), app.limits.publishes_per_second, now_ms.count())) {
    return {};
  }
  return Error{ErrorKind::kLimit, "Rate limit exceeded: at most " + std::to_string(app.limits.publishes_per_second) +
                                      " events a second may be published for this app"};
}

void add_outgoing(std::vector<core::OutgoingEvent>& outgoing, const PublishRequest& request) {
  for (const std::string_view channel : request.channels) outgoing.push_back({channel, request.event, request.except});
}

std::vector<core::OutgoingEvent>& outgoing_scratch() {
  thread_local std::vector<core::OutgoingEvent> outgoing;
  outgoing.clear();
  return outgoing;
}

// {"channels":{"orders":{"subscription_count":13}}}
std::string channels_body(const std::vector<std::string>& channels, const std::vector<core::ChannelCounts>& counts,
                          const ChannelInfo& info) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("channels").begin_object();
  for (std::size_t i = 0; i < channels.size(); ++i) {
    writer.key(channels[i]).begin_object();
    append_counts(writer, info, pusher::channel_traits(channels[i]), counts[i]);
    writer.end_object();
  }
  writer.end_object().end_object();
  return body;
}

// {"batch":[{"subscription_count":1},{}]}
std::string batch_body(const std::vector<std::string>& channels, const std::vector<core::ChannelCounts>& counts,
                       const std::vector<ChannelInfo>& infos) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("batch").begin_array();
  for (std::size_t i = 0; i < channels.size(); ++i) {
    writer.begin_object();
    append_counts(writer, infos[i], pusher::channel_traits(channels[i]), counts[i]);
    writer.end_object();
  }
  writer.end_array().end_object();
  return body;
}

Status publish_all(ApiContext& context, const core::App& app, const std::vector<core::OutgoingEvent>& outgoing) {
  if (Status allowed = take_rate(context, app, outgoing.size()); !allowed.ok()) return allowed;
  Status published = core::Publisher(context.core).publish(app, outgoing, core::EventSource::kApi);
  if (published.ok()) context.stats.events.add(outgoing.size());
  return published;
}

void publish_event(ApiContext& context, const core::AppRef& app, std::string_view body, const QueryParameters& query,
                   const Answer& answer) {
  const auto parsed = context.parser.parse_event(body, query, *app);
  if (!parsed.ok()) return answer(text_answer(parsed.error()));
  const PublishRequest& request = **parsed;
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  add_outgoing(outgoing, request);
  if (Status published = publish_all(context, *app, outgoing); !published.ok()) return answer(text_answer(published.error()));
  context.stats.publishes.add();
  if (!request.info.any()) return answer(json_answer("{}"));

  std::vector<std::string> channels(request.channels.begin(), request.channels.end());
  core::query_counts(context.core, app->index, channels,
                     [answer, channels, info = request.info](const std::vector<core::ChannelCounts>& counts) {
                       answer(json_answer(channels_body(channels, counts, info)));
                     });
}

void publish_batch(ApiContext& context, const core::AppRef& app, std::string_view body, const Answer& answer) {
  const auto parsed = context.parser.parse_batch(body, *app);
  if (!parsed.ok()) return answer(text_answer(parsed.error()));
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  std::vector<std::string> channels;
  std::vector<ChannelInfo> infos;
  bool wants_info = false;
  for (const PublishRequest& request : **parsed) {
    add_outgoing(outgoing, request);
    wants_info = wants_info || request.info.any();
    channels.emplace_back(request.channels.front());
    infos.push_back(request.info);
  }
  if (Status published = publish_all(context, *app, outgoing); !published.ok()) return answer(text_answer(published.error()));
  context.stats.batches.add();
  if (!wants_info) return answer(json_answer("{}"));
  core::query_counts(context.core, app->index, channels,
                     [answer, channels, infos](const std::vector<core::ChannelCounts>& counts) {
                       answer(json_answer(batch_body(channels, counts, infos)));
                     });
}

// Runs `publish` with the way back to the client, through the idempotency table where the request has a key.
template <typename PublishNow>
void with_idempotency(ApiContext& context, const core::AppRef& app, const http::Request& request,
                      httpd::Responder responder, PublishNow publish) {
  SharedResponder shared = share(std::move(responder));
  const std::string_view key = request.header("Idempotency-Key");
  if (key.empty()) {
    publish(as_text(request.body), [&context, shared](const core::PublishAnswer& answer) { respond_answer(context, *shared, answer); });
    return;
  }
  if (key.size() > context.options.idempotency_key_bytes_max) {
    return refuse(context, *shared,
                  ApiError{400, "Idempotency-Key has " + std::to_string(key.size()) + " bytes, at most " +
                                    std::to_string(context.options.idempotency_key_bytes_max) + " are allowed"});
  }
  core::begin_idempotent(
      context.core, *app, std::string(key),
      [&context, app, shared, publish, key = std::string(key), body = std::string(as_text(request.body))](
          core::IdempotencyVerdict verdict, const core::PublishAnswer& earlier) {
        switch (verdict) {
          case core::IdempotencyVerdict::kRepeat:
            context.stats.idempotent_repeats.add();
            return respond_answer(context, *shared, earlier);
          case core::IdempotencyVerdict::kBusy:
            return refuse(context, *shared, ApiError{503, "Too many requests wait for the first one with this Idempotency-Key"});
          case core::IdempotencyVerdict::kFirst:
            break;
        }
        publish(body, [&context, app, shared, key](const core::PublishAnswer& answer) {
          // What published nothing and may succeed later is not remembered.
          if (answer.status == 503 || answer.status == 429) {
            core::abandon_idempotent(context.core, *app, key);
          } else {
            core::finish_idempotent(context.core, *app, key, answer);
          }
          respond_answer(context, *shared, answer);
        });
      });
}

}  // namespace

void handle_events(ApiContext& context, const core::AppRef& app, const http::Request& request, httpd::Responder responder) {
  with_idempotency(context, app, request, std::move(responder),
                   [&context, app, query = query_parameters(request)](std::string_view body, const Answer& answer) {
                     publish_event(context, app, body, query, answer);
                   });
}

void handle_batch_events(ApiContext& context, const core::AppRef& app, const http::Request& request,
                         httpd::Responder responder) {
  with_idempotency(context, app, request, std::move(responder), [&context, app](std::string_view body, const Answer& answer) {
    publish_batch(context, app, body, answer);
  });
}

void handle_legacy_events(ApiContext& context, const core::AppRef& app, std::string_view channel,
                          const http::Request& request, httpd::Responder responder) {
  const auto parsed = context.parser.parse_legacy(channel, as_text(request.body), query_parameters(request), *app);
  if (!parsed.ok()) return refuse(context, responder, parsed.error());
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  add_outgoing(outgoing, **parsed);
  if (Status published = publish_all(context, *app, outgoing); !published.ok()) {
    return refuse(context, responder, published.error());
  }
  context.stats.publishes.add();
  respond(context, responder, http::Response{.status = 202, .content_type = {}, .body = {}, .headers = {}});
}

}  // namespace fanfare::api
