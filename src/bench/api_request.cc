#include "bench/api_request.h"

#include "http/url.h"
#include "json/json_writer.h"
#include "pusher/request_signature.h"

namespace fanfare::bench {

ApiRequests::ApiRequests(const BenchTarget& target)
    : key_(target.key, target.secret), host_(target.host_header), events_path_("/apps/") {
  http::append_percent_encoded(events_path_, target.app_id);
  batch_path_ = events_path_ + "/batch_events";
  events_path_ += "/events";
}

std::string ApiRequests::event(const ApiEvent& event, std::int64_t unix_s) const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("name").string(kEventName).key("channels").begin_array().string(event.channel).end_array();
  writer.key("data").string(event.data).end_object();
  return request(events_path_, body, unix_s);
}

std::string ApiRequests::batch(const std::vector<ApiEvent>& events, std::int64_t unix_s) const {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("batch").begin_array();
  for (const ApiEvent& event : events) {
    writer.begin_object().key("name").string(kEventName).key("channel").string(event.channel);
    writer.key("data").string(event.data).end_object();
  }
  writer.end_array().end_object();
  return request(batch_path_, body, unix_s);
}

std::string ApiRequests::request(const std::string& path, const std::string& body, std::int64_t unix_s) const {
  const std::string query = pusher::sign_request(key_, {"POST", path, {}, body}, unix_s);
  return "POST " + path + "?" + query + " HTTP/1.1\r\nHost: " + host_ +
         "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace fanfare::bench
