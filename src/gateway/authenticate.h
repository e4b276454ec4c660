// Who sends a request: by a token, or a session cookie.
#pragma once

#include <functional>

#include "access/subject.h"
#include "gateway/exchange.h"
#include "jwt/identity.h"

namespace fanfare::gateway {

struct Caller {
  jwt::Identity identity;
  access::Subject subject;  // the same, as the access rules see it
};

// Calls `next` once the caller is known, or answers 401 with WWW-Authenticate and what is wrong (or 503, when whoever
// knows the keys or sessions does not answer). A key set is read anew for a key that it does not have.
// Thread: the gateway's loop; `next` perhaps before this returns.
void authenticate(const ExchangeRef& exchange, const std::function<void(const ExchangeRef&, const Caller&)>& next);

access::Subject subject_of(const jwt::Identity& identity);

}  // namespace fanfare::gateway
