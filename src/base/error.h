// Error: why an operation that depends on others (a client, the network, the disk) did not happen.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace fanfare {

// What went wrong, coarsely: edges map it to an HTTP status, a close code or an exit status.
enum class ErrorKind : std::uint8_t {
  kInvalid,       // the request makes no sense
  kUnauthorized,  // a signature or key does not fit
  kForbidden,     // understood and refused
  kNotFound,
  kTooLarge,
  kLimit,        // a quota or rate was reached
  kUnavailable,  // overloaded or going away: worth another try
  kIo,           // the operating system said no
};

struct Error {
  ErrorKind kind = ErrorKind::kInvalid;
  std::string message;  // for people: what was expected and what came; never a secret or a body
};

inline Error invalid(std::string message) { return {ErrorKind::kInvalid, std::move(message)}; }

}  // namespace fanfare
