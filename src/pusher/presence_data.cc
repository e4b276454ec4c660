#include "pusher/presence_data.h"

#include "json/json_reader.h"
#include "pusher/event_name.h"

namespace fanfare::pusher {
namespace {

constexpr std::string_view kInvalidText = "Invalid channel_data: must be valid JSON with a user_id";

Error invalid_data(std::string_view why) {
  return invalid(std::string(kInvalidText).append(" (").append(why).append(")"));
}

// The text that identifies the user; empty: neither a string nor an integer, or an empty string.
std::string_view text_of_user_id(const json::Value& value) noexcept {
  if (value.is_string()) return value.text;
  if (value.kind != json::Kind::kNumber) return {};
  if (value.raw == "-0") return "0";
  // Any integer, however long: it is only ever compared and shown.
  return value.raw.find_first_of(".eE") == std::string_view::npos ? value.raw : std::string_view{};
}

}  // namespace

Result<PresenceData> parse_presence_data(std::string_view channel_data, const PresenceDataLimits& limits) {
  thread_local json::Reader reader;
  if (Status status = reader.parse_object(channel_data); !status.ok()) return invalid_data(status.error().message);
  const json::Value* id = reader.find("user_id");
  if (id == nullptr) return invalid_data("user_id is missing");
  const std::string_view user_id = text_of_user_id(*id);
  if (user_id.empty()) {
    return invalid_data(id->is_string() ? "user_id is empty" : "expected a string or an integer in user_id");
  }
  if (has_more_chars_than(user_id, limits.user_id_chars_max)) {
    return invalid("Invalid channel_data: user_id is " + std::to_string(count_chars(user_id)) +
                   " characters, at most " + std::to_string(limits.user_id_chars_max) + " are allowed");
  }
  PresenceData data{.user_id = std::string(user_id), .user_info = {}};
  const json::Value* info = reader.find("user_info");
  if (info == nullptr || info->is_null()) return data;
  data.user_info = json::compact(info->raw);
  if (data.user_info.size() > limits.user_info_bytes_max) {
    return invalid("Invalid channel_data: user_info is " + std::to_string(data.user_info.size()) + " bytes, at most " +
                   std::to_string(limits.user_info_bytes_max) + " are allowed");
  }
  return data;
}

}  // namespace fanfare::pusher
