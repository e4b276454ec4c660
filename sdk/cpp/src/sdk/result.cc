#include "fanfare/result.h"

namespace fanfare::sdk {

const char* name_of(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kRejected:
      return "rejected";
    case ErrorKind::kUnauthorized:
      return "unauthorized";
    case ErrorKind::kForbidden:
      return "forbidden";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kTooLarge:
      return "too_large";
    case ErrorKind::kLimit:
      return "limit";
    case ErrorKind::kServer:
      return "server";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kBadAnswer:
      return "bad_answer";
    case ErrorKind::kExpired:
      return "expired";
    case ErrorKind::kDecryption:
      return "decryption";
    case ErrorKind::kDisabled:
      return "disabled";
    case ErrorKind::kStopped:
      return "stopped";
  }
  return "";
}

}  // namespace fanfare::sdk
