#include "support/api_client.h"

#include <ctime>
#include <stdexcept>

#include "pusher/request_signature.h"

namespace fanfare::test {

std::string ApiClient::signed_target(std::string_view method, const std::string& path, std::string_view body,
                                     const ApiParameters& parameters, std::int64_t seconds_from_now) const {
  const pusher::AppKey key(app_.key, app_.secret);
  return path + "?" +
         pusher::sign_request(key, {method, path, parameters, body}, std::time(nullptr) + seconds_from_now);
}

HttpResponse ApiClient::get(std::string_view rest, const ApiParameters& parameters) {
  return http_.get(signed_target("GET", path(rest), {}, parameters));
}

HttpResponse ApiClient::post(std::string_view rest, std::string_view body, const HttpHeaders& headers,
                             const ApiParameters& parameters) {
  return http_.request("POST", signed_target("POST", path(rest), body, parameters), body, headers);
}

std::string ApiClient::event_body(std::string_view channel, std::string_view event, std::string_view data,
                                  std::string_view more) {
  return R"({"name":)" + json_string(event) + R"(,"channel":)" + json_string(channel) + R"(,"data":)" +
         json_string(data) + std::string(more) + "}";
}

void ApiClient::publish(std::string_view channel, std::string_view event, std::string_view data,
                        const std::string& except_socket_id) {
  const std::string more = except_socket_id.empty() ? "" : R"(,"socket_id":")" + except_socket_id + '"';
  const HttpResponse response = post("/events", event_body(channel, event, data, more));
  if (response.status != 200 || response.body != "{}") {
    throw std::runtime_error("publish: " + std::to_string(response.status) + " " + response.body);
  }
}

}  // namespace fanfare::test
