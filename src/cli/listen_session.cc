#include "cli/listen_session.h"

#include <algorithm>
#include <utility>

#include "cli/terminal_text.h"
#include "json/json_writer.h"
#include "pusher/channel_auth.h"
#include "pusher/channel_name.h"
#include "pusher/user_auth.h"

namespace fanfare::cli {

namespace {

constexpr json::ReadLimits kReadLimits{.depth_max = 64};
constexpr std::int64_t kActivityTimeoutMaxS = 3'600;
constexpr std::string_view kInternalPrefix = "pusher_internal:";

constexpr const char* kPongText = R"({"event":"pusher:pong","data":{}})";

std::string text_of(const json::Value* value) {
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->text) : json::compact(value->raw);
}

}  // namespace

ListenStep ListenSession::on_text(std::string_view message) {
  ListenStep step;
  if (const Status parsed = message_.parse_object(message, kReadLimits); !parsed.ok()) {
    step.note = "skipped a message: " + printable(parsed.error().message);
    return step;
  }
  const json::Value* name = message_.find("event");
  if (name == nullptr || !name->is_string()) {
    step.note = "skipped a message without the name of an event";
    return step;
  }
  const json::Value* data = message_.find("data");
  return on_event({.event = std::string(name->text),
                   .channel = text_of(message_.find("channel")),
                   .data = text_of(data),
                   .data_token = data == nullptr ? std::string() : std::string(data->raw),
                   .user_id = text_of(message_.find("user_id"))});
}

ListenStep ListenSession::on_event(ReceivedEvent event) {
  ListenStep step;
  if (event.event == "pusher:connection_established") return on_established(event.data);
  if (event.event == "pusher:error") return on_error(event.data);
  if (event.event == "pusher_internal:subscription_succeeded") return on_subscribed(event);
  if (event.event == "pusher:pong") return step;
  if (event.event == "pusher:ping") {
    step.to_send.emplace_back(kPongText);
    return step;
  }
  if (event.event == "pusher:signin_success") {
    is_signing_in_ = false;
    step.note = "Signed in as " + printable(plan_.user);
    subscribe_all(step);
    return step;
  }
  if (event.event == "pusher:subscription_error") {  // a pusher:error has told the same
    return step;
  }
  // What client libraries call these.
  if (event.event.starts_with(kInternalPrefix)) event.event.replace(0, kInternalPrefix.size(), "pusher:");
  step.event = std::move(event);
  return step;
}

ListenStep ListenSession::on_established(const std::string& data) {
  ListenStep step;
  const json::Value* socket_id = data_.parse_object(data, kReadLimits).ok() ? data_.find("socket_id") : nullptr;
  if (socket_id == nullptr || socket_id->text.empty()) {
    step.note = "the server's pusher:connection_established has no socket_id";
    step.is_hopeless = true;
    return step;
  }
  socket_id_ = socket_id->text;
  const json::Value* timeout = data_.find("activity_timeout");
  if (const auto seconds = timeout == nullptr ? std::nullopt : timeout->integer()) {
    activity_timeout_ = std::chrono::seconds(std::clamp<std::int64_t>(*seconds, 1, kActivityTimeoutMaxS));
  }
  step.note = "Connected (socket " + printable(socket_id_) + ")";
  is_signing_in_ = !plan_.user.empty();
  if (is_signing_in_) {
    step.to_send.push_back(signin_text());
  } else {
    subscribe_all(step);
  }
  return step;
}

// Errors of subscriptions and of signing in have no code, and name no channel but in their text.
ListenStep ListenSession::on_error(const std::string& data) {
  ListenStep step;
  const bool is_object = data_.parse_object(data, kReadLimits).ok();
  const json::Value* message = is_object ? data_.find("message") : nullptr;
  const json::Value* code = is_object ? data_.find("code") : nullptr;
  const bool has_code = code != nullptr && !code->is_null();
  step.note = "pusher:error" + (has_code ? " " + printable(code->raw) : "") + ": " +
              (message == nullptr ? printable(data) : printable(text_of(message), LineBreaks::kKeep));
  if (has_code) return step;
  const bool was_subscribing = is_established() && !is_signing_in_ && subscribed_ + refused_ < plan_.channels.size();
  if (was_subscribing) ++refused_;
  step.is_hopeless = is_signing_in_ || refused_ == plan_.channels.size();
  return step;
}

ListenStep ListenSession::on_subscribed(const ReceivedEvent& event) {
  ListenStep step;
  ++subscribed_;
  step.note = "Subscribed to " + printable(event.channel);
  if (!pusher::channel_traits(event.channel).has_members()) return step;
  const json::Value* presence = data_.parse_object(event.data, kReadLimits).ok() ? data_.find("presence") : nullptr;
  json::Reader roster;
  if (presence == nullptr || !roster.parse_object(presence->raw, kReadLimits).ok()) return step;
  if (const json::Value* count = roster.find("count")) {
    step.note += " as " + printable(presence_user_id_of(plan_)) + " (members: " + printable(count->raw) + ")";
  }
  return step;
}

std::string ListenSession::signin_text() const {
  std::string user_data;
  json::Writer user(user_data);
  user.begin_object().key("id").string(plan_.user);
  if (!plan_.user_info.empty()) user.key("user_info").raw(plan_.user_info);
  user.end_object();
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("event").string("pusher:signin").key("data").begin_object();
  writer.key("auth").string(pusher::sign_user_auth(*key_, socket_id_, user_data));
  writer.key("user_data").string(user_data).end_object().end_object();
  return text;
}

std::string ListenSession::subscribe_text(const std::string& channel) const {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("event").string("pusher:subscribe").key("data").begin_object();
  writer.key("channel").string(channel);
  const pusher::ChannelTraits traits = pusher::channel_traits(channel);
  if (traits.has_members()) {
    std::string member_data;
    json::Writer member(member_data);
    member.begin_object().key("user_id").string(presence_user_id_of(plan_));
    if (!plan_.user_info.empty()) member.key("user_info").raw(plan_.user_info);
    member.end_object();
    writer.key("auth").string(pusher::sign_channel_auth(*key_, socket_id_, channel, member_data));
    writer.key("channel_data").string(member_data);
  } else if (traits.needs_auth()) {
    writer.key("auth").string(pusher::sign_channel_auth(*key_, socket_id_, channel));
  }
  writer.end_object().end_object();
  return text;
}

void ListenSession::subscribe_all(ListenStep& step) const {
  for (const std::string& channel : plan_.channels) step.to_send.push_back(subscribe_text(channel));
}

}  // namespace fanfare::cli
