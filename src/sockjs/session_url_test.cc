#include "sockjs/session_url.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

TEST(SessionUrlTest, PusherJsNamesTheAppInThePath) {
  const SessionUrl url = parse_session_url("/app/demo-key/417/0q3v9dk1/xhr_streaming");
  EXPECT_EQ(url.resource, Resource::kSession);
  EXPECT_EQ(url.endpoint, Endpoint::kXhrStreaming);
  EXPECT_EQ(url.app_path, "/app/demo-key");
  EXPECT_EQ(url.session, "app/demo-key/417/0q3v9dk1");
}

TEST(SessionUrlTest, SockJsDoesNot) {
  const SessionUrl url = parse_session_url("/417/0q3v9dk1/xhr");
  EXPECT_EQ(url.resource, Resource::kSession);
  EXPECT_EQ(url.endpoint, Endpoint::kXhr);
  EXPECT_EQ(url.app_path, "");
  EXPECT_EQ(url.session, "417/0q3v9dk1");
}

TEST(SessionUrlTest, AServerCalledAppIsOneOfSockJs) {
  EXPECT_EQ(parse_session_url("/app/key/xhr").session, "app/key");
  EXPECT_EQ(parse_session_url("/app/key/xhr").app_path, "");
}

TEST(SessionUrlTest, AllRequestsOfASessionNameItAlike) {
  for (const char* endpoint :
       {"xhr", "xhr_streaming", "xhr_send", "eventsource", "htmlfile", "jsonp", "jsonp_send", "websocket"}) {
    const std::string path = std::string("/app/k%2F1/0/abc/") + endpoint;
    const SessionUrl url = parse_session_url(path);
    EXPECT_EQ(url.resource, Resource::kSession) << endpoint;
    EXPECT_EQ(url.session, "app/k%2F1/0/abc") << endpoint;
    EXPECT_EQ(url.app_path, "/app/k%2F1") << endpoint;
  }
}

TEST(SessionUrlTest, WhatComesBeforeTheSession) {
  EXPECT_EQ(parse_session_url("").resource, Resource::kGreeting);
  EXPECT_EQ(parse_session_url("/").resource, Resource::kGreeting);
  EXPECT_EQ(parse_session_url("/info").resource, Resource::kInfo);
  EXPECT_EQ(parse_session_url("/iframe.html").resource, Resource::kIframe);
  EXPECT_EQ(parse_session_url("/iframe-0.3.4.html").resource, Resource::kIframe);
  for (const char* path : {"/iframe", "/iframe0.html", "/iframex.html", "/Info", "/info/", "//", "/IFRAME.html"}) {
    EXPECT_EQ(parse_session_url(path).resource, Resource::kUnknown) << path;
  }
}

TEST(SessionUrlTest, WhatIsNoSession) {
  for (const char* path :
       {"/a.b/session/xhr", "/server/se.ssion/xhr", "//session/xhr", "/server//xhr", "/server/session/",
        "/server/session/XHR", "/server/session/xhr/", "/app//417/session/xhr", "/app/key/417//xhr",
        "/app/key/417/a.b/xhr", "/app/key/417/session/xhr/more", "/app/key/417/session", "/apps/key/417/session/xhr"}) {
    EXPECT_EQ(parse_session_url(path).resource, Resource::kUnknown) << path;
  }
}

TEST(SessionUrlTest, NamesAreBounded) {
  const std::string most(kSessionNameBytesMax - 2, 's');
  EXPECT_EQ(parse_session_url("/1/" + most + "/xhr").resource, Resource::kSession);
  EXPECT_EQ(parse_session_url("/1/" + most + "s/xhr").resource, Resource::kUnknown);
}

}  // namespace
}  // namespace fanfare::sockjs
