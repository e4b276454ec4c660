// Answers as gzip, for clients that take it.
#pragma once

#include <cstddef>

#include "http/request.h"
#include "http/response.h"

namespace fanfare::httpd {

// Whether an answer to `request` may be gzip. Only GET has long answers, so no other method is looked at.
bool takes_gzip(const http::Request& request) noexcept;

// Whether it is worth it: a text of `bytes_min` to 1 MiB, above which it would hold up its loop. 0: never. Not where
// the body is named by an ETag, for then it would be another one.
bool is_worth_gzip(const http::Response& response, std::size_t bytes_min) noexcept;

// The same answer, its body as gzip.
http::Response gzip_answer(const http::Response& response);

}  // namespace fanfare::httpd
