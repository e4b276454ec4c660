#include "httpd/gzip_answer.h"

#include <algorithm>

#include "base/bytes.h"
#include "deflate/gzip.h"
#include "http/content_coding.h"

namespace fanfare::httpd {

namespace {

constexpr std::size_t kBytesMax = kMiB;
constexpr int kLevel = 1;  // a loop waits for it

}  // namespace

bool takes_gzip(const http::Request& request) noexcept {
  return request.method == http::Method::kGet && http::accepts_gzip(request.header("Accept-Encoding"));
}

bool is_worth_gzip(const http::Response& response, std::size_t bytes_min) noexcept {
  if (bytes_min == 0 || response.body.size() < bytes_min || response.body.size() > kBytesMax) return false;
  return std::ranges::none_of(response.headers, [](const http::ResponseHeader& header) {
    return http::equals_ignoring_case(header.name, "ETag") ||
           http::equals_ignoring_case(header.name, "Content-Encoding");
  });
}

http::Response gzip_answer(const http::Response& response) {
  http::Response smaller{.status = response.status,
                         .content_type = response.content_type,
                         .body = deflate::gzip(response.body, kLevel),
                         .headers = response.headers};
  smaller.headers.push_back({"Content-Encoding", "gzip"});
  smaller.headers.push_back({"Vary", "Accept-Encoding"});
  return smaller;
}

}  // namespace fanfare::httpd
