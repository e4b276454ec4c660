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

// What a publish led to. Where it asked for counts, the answer needs the home loops' word.
struct Published {
  Status status;
  std::vector<std::string> counted;  // channels whose counts the answer has; empty: it is {}
  std::function<std::string(const std::vector<core::ChannelCounts>&)> body;
};

// How the answer of a publish reaches the client, and the idempotency table where there is a key.
using Answer = std::function<void(core::PublishAnswer)>;

core::PublishAnswer json_answer(std::string body) { return {200, std::string(http::kJson), std::move(body)}; }

core::PublishAnswer text_answer(const Error& error) {
  return {status_of(error.kind), std::string(http::kPlainText), error.message};
}

void respond_answer(ApiContext& context, httpd::Responder& responder, const core::PublishAnswer& answer) {
  if (answer.status >= 400) return refuse(context, responder, ApiError{answer.status, answer.body});
  if (answer.body == "{}") return respond_empty_object(context, responder);
  respond_json(context, responder, answer.body);
}

Status take_rate(ApiContext& context, const core::App& app, std::size_t events) {
  const auto now_ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.monotonic().time_since_epoch());
  if (app.usage->try_take_publishes(static_cast<std::uint32_t>(events), app.limits.publishes_per_second,
                                    now_ms.count())) {
    return {};
  }
  return Error{ErrorKind::kLimit, "Rate limit exceeded: at most " + std::to_string(app.limits.publishes_per_second) +
                                      " events a second may be published for this app"};
}

void add_outgoing(std::vector<core::OutgoingEvent>& outgoing, const core::App& app, const PublishRequest& request) {
  for (const std::string_view channel : request.channels) {
    outgoing.push_back({core::ChannelView(app.index, channel), request.event, request.except});
  }
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

Published publish_event(ApiContext& context, const core::App& app, const json::Input& body,
                        const QueryParameters& query) {
  const auto parsed = context.parser.parse_event(body, query, app);
  if (!parsed.ok()) return {parsed.error(), {}, {}};
  const PublishRequest& request = **parsed;
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  add_outgoing(outgoing, app, request);
  Published published{publish_all(context, app, outgoing), {}, {}};
  if (!published.status.ok()) return published;
  context.stats.publishes.add();
  if (request.info.any()) {
    published.counted.assign(request.channels.begin(), request.channels.end());
    published.body = [channels = published.counted,
                      info = request.info](const std::vector<core::ChannelCounts>& counts) {
      return channels_body(channels, counts, info);
    };
  }
  return published;
}

Published publish_batch(ApiContext& context, const core::App& app, const json::Input& body) {
  const auto parsed = context.parser.parse_batch(body, app);
  if (!parsed.ok()) return {parsed.error(), {}, {}};
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  bool wants_info = false;
  for (const PublishRequest& request : **parsed) {
    add_outgoing(outgoing, app, request);
    wants_info = wants_info || request.info.any();
  }
  Published published{publish_all(context, app, outgoing), {}, {}};
  if (!published.status.ok()) return published;
  context.stats.batches.add();
  if (wants_info) {
    std::vector<ChannelInfo> infos;
    for (const PublishRequest& request : **parsed) {
      published.counted.emplace_back(request.channels.front());
      infos.push_back(request.info);
    }
    published.body = [channels = published.counted, infos](const std::vector<core::ChannelCounts>& counts) {
      return batch_body(channels, counts, infos);
    };
  }
  return published;
}

// Gives the answer now, or once the homes have counted.
void answer_published(ApiContext& context, const core::App& app, const Published& published, const Answer& answer) {
  if (!published.status.ok()) return answer(text_answer(published.status.error()));
  if (published.counted.empty()) return answer(json_answer("{}"));
  core::query_counts(context.core, app.index, published.counted,
                     [answer, body = published.body](const std::vector<core::ChannelCounts>& counts) {
                       answer(json_answer(body(counts)));
                     });
}

// `publish` is called with the body at most once, unless an earlier request with the same key has been answered.
template <typename PublishNow>
void publish_once(ApiContext& context, const core::AppRef& app, const http::Request& request, const std::string& key,
                  const SharedResponder& responder, PublishNow publish) {
  core::begin_idempotent(context.core, *app, key,
                         [&context, app, responder, publish, key, body = std::string(as_text(request.body))](
                             core::IdempotencyVerdict verdict, const core::PublishAnswer& earlier) {
                           switch (verdict) {
                             case core::IdempotencyVerdict::kRepeat:
                               context.stats.idempotent_repeats.add();
                               return respond_answer(context, *responder, earlier);
                             case core::IdempotencyVerdict::kBusy:
                               return refuse(
                                   context, *responder,
                                   ApiError{503, "Too many requests wait for the first one with this Idempotency-Key"});
                             case core::IdempotencyVerdict::kFirst:
                               break;
                           }
                           answer_published(context, *app, publish(body),
                                            [&context, app, responder, key](const core::PublishAnswer& answer) {
                                              // What published nothing and may succeed later is not remembered.
                                              if (answer.status == 503 || answer.status == 429) {
                                                core::abandon_idempotent(context.core, *app, key);
                                              } else {
                                                core::finish_idempotent(context.core, *app, key, answer);
                                              }
                                              respond_answer(context, *responder, answer);
                                            });
                         });
}

template <typename PublishNow>
void handle_publish(ApiContext& context, const core::AppRef& app, const http::Request& request,
                    httpd::Responder responder, PublishNow publish) {
  const std::string_view key = request.header("Idempotency-Key");
  if (key.size() > context.options.idempotency_key_bytes_max) {
    return refuse(context, responder,
                  ApiError{400, "Idempotency-Key has " + std::to_string(key.size()) + " bytes, at most " +
                                    std::to_string(context.options.idempotency_key_bytes_max) + " are allowed"});
  }
  if (!key.empty()) {
    return publish_once(context, app, request, std::string(key), share(std::move(responder)), std::move(publish));
  }
  const Published published = publish(json::Input(request.body, request.spare_bytes));
  if (!published.status.ok()) return refuse(context, responder, published.status.error());
  if (published.counted.empty()) return respond_empty_object(context, responder);
  answer_published(context, *app, published,
                   [&context, shared = share(std::move(responder))](const core::PublishAnswer& answer) {
                     respond_answer(context, *shared, answer);
                   });
}

}  // namespace

void handle_events(ApiContext& context, const Caller& caller, const http::Request& request,
                   httpd::Responder responder) {
  handle_publish(context, caller.app, request, std::move(responder),
                 [&context, app = caller.app, query = caller.query](const json::Input& body) {
                   return publish_event(context, *app, body, query);
                 });
}

void handle_batch_events(ApiContext& context, const Caller& caller, const http::Request& request,
                         httpd::Responder responder) {
  handle_publish(context, caller.app, request, std::move(responder),
                 [&context, app = caller.app](const json::Input& body) { return publish_batch(context, *app, body); });
}

void handle_legacy_events(ApiContext& context, const Caller& caller, std::string_view channel,
                          const http::Request& request, httpd::Responder responder) {
  const core::App& app = *caller.app;
  const auto parsed = context.parser.parse_legacy(channel, as_text(request.body), caller.query, app);
  if (!parsed.ok()) return refuse(context, responder, parsed.error());
  std::vector<core::OutgoingEvent>& outgoing = outgoing_scratch();
  add_outgoing(outgoing, app, **parsed);
  if (Status published = publish_all(context, app, outgoing); !published.ok()) {
    return refuse(context, responder, published.error());
  }
  context.stats.publishes.add();
  respond(context, responder, http::Response{.status = 202, .content_type = {}, .body = {}, .headers = {}});
}

}  // namespace fanfare::api
