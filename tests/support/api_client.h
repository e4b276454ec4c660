// ApiClient: a backend that calls the signed HTTP API of one app over one kept connection, for tests.
//
// Thread: one at a time.
// Fails:  as HttpClient.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/http_client.h"
#include "support/test_app.h"

namespace fanfare::test {

using ApiParameters = std::vector<std::pair<std::string, std::string>>;

class ApiClient {
 public:
  ApiClient(std::uint16_t port, TestApp app) : http_(port), app_(std::move(app)) {}

  // `path`: behind /apps/<id>, "/channels".
  HttpResponse get(std::string_view path, const ApiParameters& parameters = {});
  HttpResponse post(std::string_view path, std::string_view body, const HttpHeaders& headers = {},
                    const ApiParameters& parameters = {});
  // POST /events. Throws when the answer is not 200 {}.
  void publish(std::string_view channel, std::string_view event, std::string_view data,
               const std::string& except_socket_id = {});
  // The path and query of a signed request. `path`: whole.
  std::string signed_target(std::string_view method, const std::string& path, std::string_view body,
                            const ApiParameters& parameters = {}, std::int64_t seconds_from_now = 0) const;
  std::string path(std::string_view rest) const { return "/apps/" + app_.id + std::string(rest); }
  HttpClient& http() noexcept { return http_; }

  // The body of POST /events.
  static std::string event_body(std::string_view channel, std::string_view event, std::string_view data,
                                std::string_view more = {});

 private:
  HttpClient http_;
  TestApp app_;
};

}  // namespace fanfare::test
