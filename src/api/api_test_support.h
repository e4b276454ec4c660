// For the tests of this module: the API behind a real HTTP server on a loop that the test turns by hand. The channels
// are on that loop alone, so an answer is there in the turn of its question.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/routes.h"
#include "httpd/server_test_support.h"
#include "pusher/request_signature.h"
#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::api {

class ApiTest : public httpd::ServerTest {
 protected:
  ApiTest() {
    app_settings_.id = "42";
    app_settings_.keys = pusher::AppKeys({key_});
  }

  ApiContext& context() {
    if (context_ == nullptr) {
      apps_ = std::make_unique<core::AppRegistry>(
          std::make_shared<const core::AppTable>(std::vector<core::App>{app_settings_}, core::AppTable()));
      app_ = apps_->table().apps().front();
      context_ =
          std::make_unique<ApiContext>(ApiContext{loops_[0], *apps_, clock_, api_options_, stats_, warnings_, {}});
      add_routes(router_, *context_);
    }
    return *context_;
  }

  std::int64_t now_s() const {
    return std::chrono::duration_cast<std::chrono::seconds>(clock_.wall().time_since_epoch()).count();
  }
  // The target with a good signature.
  std::string signed_target(std::string_view method, std::string_view path, std::string_view body = {},
                            const std::vector<std::pair<std::string, std::string>>& query = {}) const {
    return std::string(path) + "?" + pusher::sign_request(key_, {method, path, query, body}, now_s());
  }
  static std::string request_text(std::string_view method, std::string_view target, std::string_view body = {},
                                  std::string_view headers = {}) {
    return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  // The whole answer of one request.
  std::string ask(std::string_view request) {
    context();
    httpd::TestClient client = connect();
    client.send(request);
    EXPECT_TRUE(receive_answers(client, 1));
    loops_.settle();
    client.receive();
    return client.received;
  }
  std::string post(std::string_view path, std::string_view body, std::string_view headers = {},
                   const std::vector<std::pair<std::string, std::string>>& query = {}) {
    return ask(request_text("POST", signed_target("POST", path, body, query), body, headers));
  }
  std::string get(std::string_view path, const std::vector<std::pair<std::string, std::string>>& query = {}) {
    return ask(request_text("GET", signed_target("GET", path, {}, query)));
  }
  static int status_of_answer(const std::string& answer) { return std::stoi(answer.substr(9, 3)); }
  static std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

  const pusher::AppKey key_{"key", "secret"};
  core::App app_settings_;
  ApiOptions api_options_;
  ApiStats stats_;
  OnceAMinute warnings_;
  test::CoreLoops loops_{1};
  std::unique_ptr<core::AppRegistry> apps_;
  core::AppRef app_;
  std::unique_ptr<ApiContext> context_;
};

}  // namespace fanfare::api
