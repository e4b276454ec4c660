// ApiError: a refused request as it goes over the wire: a status and a line of text for people. Source: REF 9.2
#pragma once

#include <string>
#include <utility>

#include "base/error.h"

namespace fanfare::api {

// Wire: text/plain, "<text>\n". Hosted Pusher's errors are text, not JSON, and SDKs put it into their exceptions.
struct ApiError {
  int status = 400;
  std::string text;
};

// The status that an error of the given kind has in this API.
constexpr int status_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kInvalid:
      return 400;
    case ErrorKind::kUnauthorized:
      return 401;
    case ErrorKind::kForbidden:
      return 403;
    case ErrorKind::kNotFound:
      return 404;
    case ErrorKind::kTooLarge:
      return 413;
    case ErrorKind::kLimit:
      return 429;
    case ErrorKind::kUnavailable:
    case ErrorKind::kIo:
      return 503;
  }
  return 500;
}

}  // namespace fanfare::api
