#include "api/channel_info.h"

namespace fanfare::api {

namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Error unknown_attribute(std::string_view attribute, KnownInfo known) {
  std::string text = "info should be a comma separated list of attributes (user_count";
  if (known.subscription_count) text += ", subscription_count";
  if (known.cache) text += ", cache";
  text += "), found \"" + std::string(attribute) + '"';
  return invalid(std::move(text));
}

}  // namespace

Result<ChannelInfo> parse_channel_info(std::string_view text, const core::App& app, KnownInfo known) {
  ChannelInfo info;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    const std::string_view attribute = trim(text.substr(0, comma));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    if (attribute == "user_count") {
      info.user_count = true;
    } else if (attribute == "subscription_count" && known.subscription_count) {
      if (!app.switches.subscription_count) {
        return invalid(
            "Cannot retrieve the subscription count: subscription counting is not enabled for this app "
            "(subscription_count = true in its settings)");
      }
      info.subscription_count = true;
    } else if (attribute == "cache" && known.cache) {
      info.cache = true;
    } else {
      return unknown_attribute(attribute, known);
    }
  }
  return info;
}

void append_counts(json::Writer& writer, const ChannelInfo& info, pusher::ChannelTraits traits,
                   const core::ChannelCounts& counts) {
  if (info.user_count && traits.has_members()) writer.key("user_count").integer(counts.user_count);
  if (info.subscription_count) writer.key("subscription_count").integer(counts.subscription_count);
}

}  // namespace fanfare::api
