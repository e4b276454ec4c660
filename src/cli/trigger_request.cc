#include "cli/trigger_request.h"

#include <algorithm>
#include <cstddef>

#include "base/bytes.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/socket_id.h"
#include "ws/utf8.h"

namespace fanfare::cli {

namespace {

constexpr const char* kUsage =
    "expected CHANNEL EVENT DATA (or --channel CHANNEL... EVENT DATA), as in: fanfare trigger my-channel hello "
    "'{\"message\":\"hello world\"}'";
constexpr std::size_t kNameCharsMax = 1024;  // an app may widen the limit: the server knows it

}  // namespace

Result<TriggerRequest> make_trigger_request(const TriggerArguments& arguments) {
  const std::size_t count = arguments.words.size();
  if (count > 3 || count < (arguments.channels.empty() ? 3U : 2U)) return invalid(kUsage);
  TriggerRequest request{.event = arguments.words[count - 2],
                         .data = arguments.words[count - 1],
                         .socket_id = arguments.socket_id,
                         .info = arguments.info};
  std::vector<std::string> named = arguments.channels;
  if (count == 3) named.insert(named.begin(), arguments.words.front());
  for (const std::string& channel : named) {
    const auto traits = pusher::parse_channel_name(channel, kNameCharsMax);
    if (!traits.ok()) return traits.error();
    if (std::ranges::find(request.channels, channel) == request.channels.end()) request.channels.push_back(channel);
  }
  if (request.event.empty()) return invalid("the event's name is empty");
  if (!request.socket_id.empty() && !pusher::is_valid_socket_id(request.socket_id)) {
    return invalid("--socket-id: expected two numbers with a dot between them, as in 123.456");
  }
  return request;
}

Result<std::string> trigger_body(const TriggerRequest& request) {
  if (!ws::is_valid_utf8(as_bytes(request.event))) return invalid("the event's name is not UTF-8");
  if (!ws::is_valid_utf8(as_bytes(request.data)))
    return invalid("the data is not UTF-8: encode it, as base64 for instance");
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("name").string(request.event).key("channels").begin_array();
  for (const std::string& channel : request.channels) writer.string(channel);
  writer.end_array().key("data").string(request.data);
  if (!request.socket_id.empty()) writer.key("socket_id").string(request.socket_id);
  if (!request.info.empty()) writer.key("info").string(request.info);
  writer.end_object();
  return body;
}

}  // namespace fanfare::cli
