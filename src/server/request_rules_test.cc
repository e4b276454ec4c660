#include "server/request_rules.h"

#include <gtest/gtest.h>

#include "net/stream_test_support.h"

namespace fanfare::server {
namespace {

// What a filter may ask of a connection.
class FakeStream final : public net::Stream {
 public:
  explicit FakeStream(net::EventLoop& loop) : loop_(loop) {}

  void set_handler(net::StreamHandler&) override {}
  net::SendOutcome queue(LocalSlice, net::DropPolicy) override { return net::SendOutcome::kQueued; }
  net::SendOutcome queue_copy(ByteView) override { return net::SendOutcome::kQueued; }
  net::DroppedFrames drop_oldest_droppable(std::size_t) override { return {}; }
  void close_after_flush() override {}
  void abort() override {}
  void pause_reading() override {}
  void resume_reading() override {}
  void notify_drained() override {}
  std::unique_ptr<net::DetachedStream> detach() override { return nullptr; }
  void set_send_limits(const net::SendQueueLimits&) override {}
  std::size_t queued_bytes() const noexcept override { return 0; }
  const net::SocketAddress& peer_address() const noexcept override { return peer; }
  void set_peer_address(const net::SocketAddress& client) noexcept override { peer = client; }
  net::Security security() const noexcept override { return is_secured_by; }
  int fd() const noexcept override { return -1; }
  bool is_open() const noexcept override { return true; }
  net::EventLoop& loop() const noexcept override { return loop_; }

  net::SocketAddress peer = *net::SocketAddress::parse("127.0.0.1", 1234);
  net::Security is_secured_by = net::Security::kNone;

 private:
  void on_turn_flush() override {}
  net::EventLoop& loop_;
};

class RequestRulesTest : public testing::Test {
 protected:
  static http::Request page(std::string_view path = "/docs", std::string_view host = "example.com:6001") {
    http::Request request;
    request.method = http::Method::kGet;
    request.path = path;
    request.headers = {{"Host", host}, {"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"}};
    return request;
  }
  std::string location_of(const http::Request& request) {
    const auto answer = RequestRules(options_, trusted_).answer(request, stream_);
    if (!answer) return "none";
    EXPECT_EQ(answer->status, 307);
    return answer->headers.at(0).value;
  }
  bool is_refused(const http::Request& request) {
    const auto answer = RequestRules(options_, trusted_).answer(request, stream_);
    return answer.has_value() && answer->status == 403;
  }

  net::NetOptions net_options_;
  net::EventLoop loop_{LoopIndex(0), net_options_};
  FakeStream stream_{loop_};
  net::TrustedProxies trusted_;
  RequestRules::Options options_{.redirect_port = 6443};
};

TEST_F(RequestRulesTest, SendsBrowsersToTheSamePageWithTls) {
  http::Request request = page("/a%20b");
  request.query = "x=1&y=%0D%0A";
  EXPECT_EQ(location_of(request), "https://example.com:6443/a%20b?x=1&y=%0D%0A");
  EXPECT_EQ(location_of(page("/", "[2001:db8::1]:80")), "https://[2001:db8::1]:6443/");
  options_.redirect_port = 443;
  EXPECT_EQ(location_of(page("/")), "https://example.com/");
  options_.redirect_port.reset();
  EXPECT_EQ(location_of(page("/")), "none");
}

TEST_F(RequestRulesTest, RedirectsNothingThatIsNoPage) {
  EXPECT_EQ(location_of(page("/apps/1/events")), "none");
  EXPECT_EQ(location_of(page("/app/key")), "none");
  EXPECT_EQ(location_of(page("/pusher/app/key/1/2/iframe.html")), "none");
  http::Request script = page();
  script.headers[1].value = "*/*";
  EXPECT_EQ(location_of(script), "none");
  http::Request form = page();
  form.method = http::Method::kPost;
  EXPECT_EQ(location_of(form), "none");
}

TEST_F(RequestRulesTest, AHostThatIsNoneIsNotRepeated) {
  for (const char* host : {"", "a b", "evil.example/", "user@host", "[::1", "[x]:80", "a\tb"}) {
    EXPECT_EQ(location_of(page("/", host)), "none") << host;
  }
}

TEST_F(RequestRulesTest, WhatCameByTlsStays) {
  http::Request forwarded = page();
  forwarded.headers.push_back({"X-Forwarded-Proto", "https"});
  EXPECT_NE(location_of(forwarded), "none");  // nobody is trusted
  trusted_ = *net::TrustedProxies::parse({"127.0.0.1"});
  EXPECT_EQ(location_of(forwarded), "none");
  stream_.is_secured_by = net::Security::kTls;
  EXPECT_EQ(location_of(page()), "none");
}

TEST_F(RequestRulesTest, TheApiNeedsAClientCertificateWhereOneIsDemanded) {
  options_ = {.api_needs_client_certificate = true};
  EXPECT_TRUE(is_refused(page("/apps/1/channels")));
  stream_.is_secured_by = net::Security::kTls;
  EXPECT_TRUE(is_refused(page("/apps/1/channels")));
  EXPECT_FALSE(is_refused(page("/")));
  stream_.is_secured_by = net::Security::kTlsWithClientCertificate;
  EXPECT_FALSE(is_refused(page("/apps/1/channels")));
}

}  // namespace
}  // namespace fanfare::server
