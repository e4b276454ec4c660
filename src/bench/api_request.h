// The signed requests of the load: POST /events and POST /batch_events, as bytes to send. Source: REF 9
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/target.h"
#include "pusher/app_keys.h"

namespace fanfare::bench {

struct ApiEvent {
  std::string channel;
  std::string data;  // of characters that JSON does not escape
};

inline constexpr std::string_view kEventName = "bench";

// Thread: one.
class ApiRequests {
 public:
  explicit ApiRequests(const BenchTarget& target);

  std::string event(const ApiEvent& event, std::int64_t unix_s) const;
  std::string batch(const std::vector<ApiEvent>& events, std::int64_t unix_s) const;

 private:
  std::string request(const std::string& path, const std::string& body, std::int64_t unix_s) const;

  pusher::AppKey key_;
  std::string host_;
  std::string events_path_;
  std::string batch_path_;
};

}  // namespace fanfare::bench
