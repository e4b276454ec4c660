#include "sdk/answers.h"

#include <charconv>

#include "base/bytes.h"
#include "json/json_reader.h"
#include "pusher/quote.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

constexpr std::size_t kServerTextBytesMax = 4 * kKiB;
constexpr std::size_t kShownBytesMax = 300;
// A list of all channels is one object; its size is bounded by Options::answer_bytes_max already.
constexpr json::ReadLimits kReadLimits{.depth_max = 32, .members_max = 10'000'000};

Error bad_answer(const std::string& what) {
  return {.kind = ErrorKind::kBadAnswer, .message = "the server's answer is not what was expected: " + what};
}

// Reads `text` as an object. Empty: it is one; else what is wrong.
std::string read_object(json::Reader& reader, std::string_view text) {
  const fanfare::Status read = reader.parse_object(text, kReadLimits);
  return read.ok() ? "" : read.error().message;
}

std::optional<std::uint64_t> count_of(const json::Reader& object, std::string_view name) {
  const json::Value* value = object.find(name);
  const std::optional<std::int64_t> count = value == nullptr ? std::nullopt : value->integer();
  if (!count || *count < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*count);
}

ChannelCounts counts_of(const json::Reader& object) {
  return {.user_count = count_of(object, "user_count"), .subscription_count = count_of(object, "subscription_count")};
}

// {"channels":{"orders":{"subscription_count":13}}}; absent in an answer without counts.
Result<ChannelsAnswer> read_channels(std::string_view body, bool is_required) {
  json::Reader root;
  if (const std::string fault = read_object(root, body); !fault.empty()) return bad_answer(fault);
  ChannelsAnswer answer;
  const json::Value* channels = root.find("channels");
  if (channels == nullptr && !is_required) return answer;
  if (channels == nullptr || !channels->is_object()) return bad_answer("an object `channels` is missing");
  json::Reader list;
  if (const std::string fault = read_object(list, channels->raw); !fault.empty()) return bad_answer(fault);
  json::Reader channel;
  for (const json::Field& field : list.fields()) {
    if (const std::string fault = read_object(channel, field.value.raw); !fault.empty()) return bad_answer(fault);
    answer.emplace(field.key, counts_of(channel));
  }
  return answer;
}

// An array under `name`. Fails: it is not there.
Result<bool> read_array(json::Reader& list, const json::Reader& root, std::string_view name, bool is_required) {
  const json::Value* value = root.find(name);
  if (value == nullptr && !is_required) return false;
  if (value == nullptr || !value->is_array()) return bad_answer("an array `" + std::string(name) + "` is missing");
  if (const auto read = list.parse(value->raw, kReadLimits); !read.ok()) return bad_answer(read.error().message);
  return true;
}

std::optional<CachedEvent> cache_of(const json::Reader& root) {
  const json::Value* value = root.find("cache");
  json::Reader cache;
  if (value == nullptr || !read_object(cache, value->raw).empty()) return std::nullopt;
  const json::Value* data = cache.find("data");
  if (data == nullptr || !data->is_string()) return std::nullopt;
  const std::optional<std::uint64_t> ttl = count_of(cache, "ttl");
  return CachedEvent{.data = std::string(data->text), .ttl = std::chrono::seconds(ttl.value_or(0))};
}

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
      return ErrorKind::kUnauthorized;
    case 403:
      return ErrorKind::kForbidden;
    case 404:
      return ErrorKind::kNotFound;
    case 413:
      return ErrorKind::kTooLarge;
    case 429:
      return ErrorKind::kLimit;
    default:
      break;
  }
  if (status >= 500 && status <= 599) return ErrorKind::kServer;
  return status >= 400 && status <= 499 ? ErrorKind::kRejected : ErrorKind::kBadAnswer;
}

// Whether the request may have taken effect in spite of the answer. A 501 or 503 did nothing; other failures of a
// server or of a proxy in front of it come at any time.
bool leaves_outcome_unknown(int status) { return status >= 500 && status != 501 && status != 503; }

// Retry-After in its form of seconds; the other form is a date, which says nothing between two clocks.
std::chrono::seconds retry_after_of(const HttpResponse& response) {
  const std::string_view text = response.header("retry-after");
  std::uint32_t seconds = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (fault != std::errc{} || end != text.data() + text.size()) return std::chrono::seconds{0};
  return std::chrono::seconds(seconds);
}

std::string_view without_line_end(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

}  // namespace

Result<TriggerAnswer> read_trigger_answer(std::string_view body) {
  Result<ChannelsAnswer> channels = read_channels(body, false);
  if (!channels.ok()) return std::move(channels).error();
  return TriggerAnswer{.skipped = false, .channels = *std::move(channels)};
}

Result<BatchAnswer> read_batch_answer(std::string_view body) {
  json::Reader root;
  if (const std::string fault = read_object(root, body); !fault.empty()) return bad_answer(fault);
  BatchAnswer answer;
  json::Reader list;
  const Result<bool> has_list = read_array(list, root, "batch", false);
  if (!has_list.ok()) return has_list.error();
  json::Reader event;
  for (const json::Value& element : *has_list ? list.elements() : std::span<const json::Value>()) {
    if (const std::string fault = read_object(event, element.raw); !fault.empty()) return bad_answer(fault);
    answer.events.push_back(counts_of(event));
  }
  return answer;
}

Result<ChannelsAnswer> read_channels_answer(std::string_view body) { return read_channels(body, true); }

Result<ChannelAnswer> read_channel_answer(std::string_view body) {
  json::Reader root;
  if (const std::string fault = read_object(root, body); !fault.empty()) return bad_answer(fault);
  const json::Value* occupied = root.find("occupied");
  if (occupied == nullptr || !occupied->boolean()) return bad_answer("a boolean `occupied` is missing");
  return ChannelAnswer{.occupied = *occupied->boolean(),
                       .user_count = count_of(root, "user_count"),
                       .subscription_count = count_of(root, "subscription_count"),
                       .cache = cache_of(root)};
}

Result<std::vector<std::string>> read_users_answer(std::string_view body) {
  json::Reader root;
  if (const std::string fault = read_object(root, body); !fault.empty()) return bad_answer(fault);
  json::Reader list;
  const Result<bool> has_list = read_array(list, root, "users", true);
  if (!has_list.ok()) return has_list.error();
  std::vector<std::string> ids;
  json::Reader user;
  for (const json::Value& element : list.elements()) {
    if (const std::string fault = read_object(user, element.raw); !fault.empty()) return bad_answer(fault);
    const json::Value* id = user.find("id");
    if (id == nullptr || id->is_container()) return bad_answer("a user without an `id`");
    ids.emplace_back(id->is_string() ? id->text : id->raw);
  }
  return ids;
}

Error error_of(const HttpResponse& response, std::string_view server) {
  const std::string_view body = without_line_end(response.body);
  Error error{.kind = kind_of(response.status),
              .http_status = response.status,
              .server_text = pusher::shortened(body, kServerTextBytesMax),
              .retry_after = retry_after_of(response),
              .outcome_unknown = leaves_outcome_unknown(response.status)};
  error.message = std::string(server) + " answered " + std::to_string(response.status);
  if (!body.empty()) error.message += ": " + (is_utf8(body) ? pusher::shortened(body, kShownBytesMax) : "(not text)");
  return error;
}

}  // namespace fanfare::sdk
