// HttpClient: a blocking HTTP/1.1 client that keeps its connection, for tests; it can also say anything raw.
//
// Thread: one at a time.
// Fails:  throws Timeout when no answer comes, std::runtime_error when the connection ends before it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/test_socket.h"

namespace fanfare::test {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;
  std::string body;

  // Empty: it has none of that name (any case).
  std::string header(std::string_view name) const;
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(port) {}

  HttpResponse get(const std::string& target, const HttpHeaders& headers = {}) {
    return request("GET", target, {}, headers);
  }
  HttpResponse request(std::string_view method, const std::string& target, std::string_view body,
                       const HttpHeaders& headers = {});
  // With Host, and Content-Length where there is a body.
  static std::string request_text(std::string_view method, const std::string& target, std::string_view body,
                                  const HttpHeaders& headers = {});
  // `has_body`: false for the answer to a HEAD.
  HttpResponse read_response(bool has_body = true);
  // Reads to the end of the connection; true: it ended without a further byte.
  bool ends_quietly();
  TestSocket& socket() noexcept { return socket_; }

 private:
  void receive_more();

  TestSocket socket_;
  std::string unread_;
};

}  // namespace fanfare::test
