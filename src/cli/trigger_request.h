// What `fanfare trigger` publishes: from its arguments to the body of POST /events. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace fanfare::cli {

struct TriggerArguments {
  std::vector<std::string> words;     // [CHANNEL] EVENT DATA
  std::vector<std::string> channels;  // --channel
  std::string socket_id;
  std::string info;
};

struct TriggerRequest {
  std::vector<std::string> channels{};  // each once
  std::string event{};
  std::string data{};  // "-": to be read from standard input
  std::string socket_id{};
  std::string info{};
};

// Fails: kInvalid when something is missing or cannot be: a channel's name, a socket id.
Result<TriggerRequest> make_trigger_request(const TriggerArguments& arguments);

// Fails: kInvalid when the event's name or the data is not UTF-8, which JSON cannot carry.
Result<std::string> trigger_body(const TriggerRequest& request);

}  // namespace fanfare::cli
