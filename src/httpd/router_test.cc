#include "httpd/router.h"

#include <string>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

class RouterTest : public ServerTest {
 protected:
  // The first line and the body of the answer.
  std::string ask(std::string_view method, std::string_view target) {
    TestClient client = connect();
    client.send(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(receive_end(client));
    const std::string& text = client.received;
    return text.substr(9, 3) + " " + text.substr(text.find("\r\n\r\n") + 4);
  }
  void add(http::Method method, std::string_view pattern, const std::string& name) {
    router_.add(method, pattern,
                [name](const http::Request& request, const RouteCaptures& captures, Responder responder) {
                  std::string text = name + " " + std::string(request.path);
                  if (captures.size() > 0) text.append(" ").append(captures["app_id"]);
                  if (captures.size() > 1) text.append(" ").append(captures["channel"]);
                  responder.respond(http::text_response(200, text));
                });
  }
};

TEST_F(RouterTest, CapturesSegmentsDecodedAndKeepsTheRawPath) {
  add(http::Method::kGet, "/apps/{app_id}/channels/{channel}", "channel");
  EXPECT_EQ(ask("GET", "/apps/42/channels/a%3Db?x=/y"), "200 channel /apps/42/channels/a%3Db 42 a=b\n");
  EXPECT_EQ(ask("GET", "/apps/42/channels/a%2Fb"), "200 channel /apps/42/channels/a%2Fb 42 a/b\n");
}

TEST_F(RouterTest, AWrongEncodingIsABadRequest) {
  add(http::Method::kGet, "/apps/{app_id}", "app");
  EXPECT_EQ(ask("GET", "/apps/%zz").substr(0, 3), "400");
}

TEST_F(RouterTest, WholePathsFitOnly) {
  add(http::Method::kGet, "/apps/{app_id}", "app");
  for (const std::string_view path : {"/apps", "/apps/", "/apps/1/", "/apps/1/2", "/", "//apps/1"}) {
    EXPECT_EQ(ask("GET", path), "404 404 NOT FOUND\n") << path;
  }
}

TEST_F(RouterTest, TheFirstAddedWins) {
  add(http::Method::kGet, "/apps/special", "literal");
  add(http::Method::kGet, "/apps/{app_id}", "capture");
  EXPECT_EQ(ask("GET", "/apps/special"), "200 literal /apps/special\n");
  EXPECT_EQ(ask("GET", "/apps/other"), "200 capture /apps/other other\n");
}

TEST_F(RouterTest, OtherMethodsAreNotAllowed) {
  add(http::Method::kGet, "/apps/{app_id}", "get");
  add(http::Method::kPost, "/apps/{app_id}", "post");
  EXPECT_EQ(ask("POST", "/apps/1"), "200 post /apps/1 1\n");
  EXPECT_EQ(ask("DELETE", "/apps/1"), "405 405 METHOD NOT ALLOWED: this path takes GET, HEAD, POST\n");
  EXPECT_EQ(ask("OPTIONS", "/apps/1").substr(0, 3), "405");
}

TEST_F(RouterTest, OptionsMayHaveAHandlerOfTheirOwn) {
  router_.set_options_handler([](const http::Request&, const RouteCaptures&, Responder responder) {
    responder.respond({.status = 204, .headers = {{"Access-Control-Allow-Origin", "*"}}});
  });
  EXPECT_EQ(ask("OPTIONS", "/anything"), "204 ");
  EXPECT_EQ(ask("OPTIONS", "*"), "204 ");
  EXPECT_EQ(ask("GET", "/anything").substr(0, 3), "404");
}

TEST_F(RouterTest, RefusalsThatNoHandlerMakesLookAsTheServiceSays) {
  router_.set_refusal([](int status, const std::string& text, const http::Request* request) {
    return http::json_response(std::to_string(status) + (request == nullptr ? "" : " " + std::string(request->path)) +
                                   (text.empty() ? "" : " with a text"),
                               status);
  });
  add(http::Method::kGet, "/apps/{app_id}", "app");
  EXPECT_EQ(ask("GET", "/nowhere"), "404 404 /nowhere with a text");
  EXPECT_EQ(ask("DELETE", "/apps/1"), "405 405 /apps/1 with a text");
  EXPECT_EQ(ask("GET", "/apps/%zz"), "400 400 /apps/%zz with a text");
  EXPECT_EQ(ask("GET", "/forgotten"), "500 500 with a text");
  EXPECT_EQ(ask("GET", "no path"), "400 400 with a text");
}

TEST_F(RouterTest, ASubtreeTakesWhatNoRouteDoes) {
  add(http::Method::kGet, "/tree/route", "route");
  router_.add_subtree("/tree", [](const http::Request& request, const RouteCaptures&, Responder responder) {
    responder.respond(http::text_response(200, "tree " + std::string(request.method_text)));
  });
  EXPECT_EQ(ask("GET", "/tree/route"), "200 route /tree/route\n");
  EXPECT_EQ(ask("POST", "/tree/route"), "200 tree POST\n");
  EXPECT_EQ(ask("OPTIONS", "/tree/a/b"), "200 tree OPTIONS\n");
  EXPECT_EQ(ask("GET", "/tree"), "200 tree GET\n");
  EXPECT_EQ(ask("GET", "/trees").substr(0, 3), "404");
}

}  // namespace
}  // namespace fanfare::httpd
