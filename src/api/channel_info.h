// The `info` parameter: which counts a caller asks for. Source: REF 9.3, 9.5
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/app.h"
#include "core/queries.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"

namespace fanfare::api {

struct ChannelInfo {
  bool user_count = false;
  bool subscription_count = false;
  bool cache = false;

  bool any() const noexcept { return user_count || subscription_count || cache; }
};

// Which attributes an endpoint knows.
struct KnownInfo {
  bool subscription_count = true;
  bool cache = false;
};

// `text`: "user_count,subscription_count"; empty asks for nothing.
// Fails: kInvalid for an unknown attribute, and for subscription_count when the app has it off.
Result<ChannelInfo> parse_channel_info(std::string_view text, const core::App& app, KnownInfo known);

// The members of one channel's object that were asked for and apply to it. An unoccupied channel counts zero.
void append_counts(json::Writer& writer, const ChannelInfo& info, pusher::ChannelTraits traits,
                   const core::ChannelCounts& counts);

}  // namespace fanfare::api
