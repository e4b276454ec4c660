// From the Error of the modules below to the public one.
#pragma once

#include <string>
#include <utility>

#include "base/error.h"
#include "base/result.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// What the caller gave makes no sense: nothing was sent.
inline Error refused(std::string message) { return {.kind = ErrorKind::kInvalid, .message = std::move(message)}; }

inline Error refused(fanfare::Error error) { return refused(std::move(error.message)); }

inline Status refusal_of(fanfare::Status status) {
  if (status.ok()) return {};
  return refused(std::move(status).error());
}

}  // namespace fanfare::sdk
