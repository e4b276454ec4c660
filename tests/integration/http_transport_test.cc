// HTTP/1.1 as SDKs and their libraries speak it: connections that are kept, pipelines, chunks, any segmentation.
// Source: REF 9.1
#include <array>
#include <cstdio>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class HttpTransportTest : public LoopsTest {
 protected:
  // A whole signed POST /events.
  std::string publish_request(ApiClient& api, std::string_view data, const HttpHeaders& headers = {}) {
    const std::string body = ApiClient::event_body("a", "e", data);
    return HttpClient::request_text("POST", api.signed_target("POST", "/apps/1/events", body), body, headers);
  }
  // The same with the body in chunks of `size`.
  std::string chunked_request(ApiClient& api, std::string_view data, std::size_t size) {
    const std::string body = ApiClient::event_body("a", "e", data);
    std::string text = HttpClient::request_text("POST", api.signed_target("POST", "/apps/1/events", body), "",
                                                {{"Transfer-Encoding", "chunked"}});
    for (std::size_t at = 0; at < body.size(); at += size) {
      const std::string part = body.substr(at, size);
      std::array<char, 32> length{};
      std::snprintf(length.data(), length.size(), "%zx;ext=1\r\n", part.size());
      text += length.data() + part + "\r\n";
    }
    return text + "0\r\nTrailer: x\r\n\r\n";
  }
};

TEST_P(HttpTransportTest, AConnectionIsKept) {
  ApiClient api = server().api();
  for (int i = 0; i < 20; ++i) api.publish("a", "e", "1");
  EXPECT_EQ(api.get("/channels").status, 200);
  EXPECT_EQ(api.http().get("/apps/1/channels").status, 401);
  EXPECT_EQ(api.http().get("/nothing").status, 404);
  EXPECT_EQ(api.get("/channels").status, 200);
  EXPECT_EQ(server().metric("fanfare_http_connections_total"), 1);
}

TEST_P(HttpTransportTest, ConnectionCloseIsHonoured) {
  ApiClient api = server().api();
  const HttpResponse response =
      api.http().get(api.signed_target("GET", "/apps/1/channels", ""), {{"Connection", "close"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(api.http().ends_quietly());
}

TEST_P(HttpTransportTest, APipelineIsAnsweredInOrder) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  ApiClient api = server().api();
  std::string requests;
  constexpr int kRequests = 100;
  for (int i = 0; i < kRequests; ++i) {
    requests += publish_request(api, std::to_string(i));
    requests += HttpClient::request_text("GET", i % 2 == 0 ? "/nothing" : "/apps/1/channels", "");
  }
  api.http().socket().send(requests);
  for (int i = 0; i < kRequests; ++i) {
    EXPECT_EQ(api.http().read_response().status, 200);
    EXPECT_EQ(api.http().read_response().status, i % 2 == 0 ? 404 : 401);
  }
  for (int i = 0; i < kRequests; ++i) EXPECT_EQ(client->next_text(), event_text("e", "a", std::to_string(i)));
}

TEST_P(HttpTransportTest, AnEndBehindAPipelineLosesNoAnswer) {
  ApiClient api = server().api();
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += publish_request(api, "1");
  api.http().socket().send(requests);
  api.http().socket().end();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(api.http().read_response().status, 200);
  EXPECT_TRUE(api.http().ends_quietly());
}

TEST_P(HttpTransportTest, AnySegmentation) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  ApiClient api = server().api();
  for (const std::size_t size : {1UL, 2UL, 3UL, 7UL, 64UL, 1000UL}) {
    const std::string data(size == 1 ? 20 : 3000, 'x');
    for (const std::string& request : {publish_request(api, data), chunked_request(api, data, 13)}) {
      for (std::size_t at = 0; at < request.size(); at += size) api.http().socket().send(request.substr(at, size));
      EXPECT_EQ(api.http().read_response().body, "{}");
      EXPECT_EQ(client->next_text(), event_text("e", "a", data));
    }
  }
}

TEST_P(HttpTransportTest, ExpectContinueIsAnsweredBeforeTheBody) {
  ApiClient api = server().api();
  const std::string request = publish_request(api, "1", {{"Expect", "100-continue"}});
  const std::size_t head = request.find("\r\n\r\n") + 4;
  api.http().socket().send(request.substr(0, head));
  EXPECT_EQ(api.http().read_response().status, 100);
  api.http().socket().send(request.substr(head));
  EXPECT_EQ(api.http().read_response().status, 200);
}

TEST_P(HttpTransportTest, ABodyThatIsTooLargeIsRefusedBeforeItComes) {
  start({TestApp{}}, "body_bytes_max = 1024");
  HttpClient http(server().port());
  http.socket().send("POST /apps/1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 1025\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(http.read_response().status, 413);
  EXPECT_TRUE(http.ends_quietly());
}

TEST_P(HttpTransportTest, HeadersOfSdksAreNoMatter) {
  ApiClient api = server().api();
  const std::string body = ApiClient::event_body("a", "e", "1");
  for (const HttpHeaders& headers :
       {HttpHeaders{{"Content-Type", "application/json; charset=utf-8"}, {"X-Pusher-Library", "pusher-http-node 5.0"}},
        HttpHeaders{{"Pusher-Library-Name", "dotnet"}, {"Accept", "application/json"}}, HttpHeaders{}}) {
    EXPECT_EQ(api.post("/events", body, headers).body, "{}");
  }
}

TEST_P(HttpTransportTest, MethodsThatAPathDoesNotTake) {
  ApiClient api = server().api();
  const HttpResponse response = api.http().request("DELETE", "/apps/1/events", "");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("Allow"), "POST");
  const HttpResponse head = api.http().request("HEAD", api.signed_target("HEAD", "/apps/1/channels", ""), "");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(api.get("/channels").body, R"({"channels":{}})");
}

TEST_P(HttpTransportTest, Http10IsServedAndClosed) {
  ApiClient api = server().api();
  api.http().socket().send("GET " + api.signed_target("GET", "/apps/1/channels", "") + " HTTP/1.0\r\n\r\n");
  EXPECT_EQ(api.http().read_response().body, R"({"channels":{}})");
  EXPECT_TRUE(api.http().ends_quietly());
}

FANFARE_WITH_LOOPS(HttpTransportTest);

}  // namespace
}  // namespace fanfare::test
