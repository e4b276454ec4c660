#include "httpd/http_server.h"

#include <utility>

namespace fanfare::httpd {

namespace {

// Places beyond the limit for connections that are being told so.
constexpr std::size_t kRefusalPlaces = 64;

}  // namespace

HttpServer::HttpServer(net::EventLoop& loop, const HttpdOptions& options, const Router& router,
                       UpgradeHandler* upgrades)
    : service_(loop, options, router, upgrades), table_(service_) {}

HttpServer::~HttpServer() = default;

void HttpServer::on_accepted(std::unique_ptr<net::Stream> stream, MutableBytes unread) {
  service_.stats.connections.add();
  HttpConnection* connection = admit(std::move(stream));
  if (connection != nullptr && !unread.empty()) connection->start(unread);
}

void HttpServer::post_moved(HttpServer& server, MovedConnection moved) {
  server.loop().post([&server, connection = std::move(moved)]() mutable { server.take_over(std::move(connection)); });
}

void HttpServer::take_over(MovedConnection moved) {
  service_.stats.moved_in.add();
  HttpConnection* connection = admit(moved.stream->attach(service_.loop));
  if (connection != nullptr) connection->start_with(std::move(moved.input));
}

HttpConnection* HttpServer::admit(std::unique_ptr<net::Stream> stream) {
  const std::size_t more = more_connections_ ? more_connections_() : 0;
  const std::size_t connections_max = service_.options.connections_max_per_loop + more;
  if (table_.size() < connections_max) return &table_.add(std::move(stream));
  service_.stats.refused_at_limit.add();
  if (table_.size() < connections_max + kRefusalPlaces) {
    table_.add(std::move(stream)).refuse_at_limit();
  } else {
    stream->abort();
    service_.loop.defer([refused = std::move(stream)] {});
  }
  if (at_limit_) at_limit_();
  return nullptr;
}

void HttpServer::drain() {
  service_.draining = true;
  table_.for_each([](HttpConnection& connection) { connection.drain(); });
}

}  // namespace fanfare::httpd
