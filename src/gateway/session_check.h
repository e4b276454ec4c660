// SessionCheck: whose session a cookie is, asked of the application that made it.
//
// Wire:   GET <url> with the request's Cookie header; 200 with the claims as a JSON object ({"sub":"7","role":…}: those
//         of a token), anything of 401, 403 and 404 for "nobody".
// Thread: the gateway's loop. It may die while a question is under way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "base/executor.h"
#include "fetch/http_client.h"
#include "gateway/options.h"
#include "jwt/verifier.h"

namespace fanfare::gateway {

class SessionCheck {
 public:
  // kUnauthorized: nobody's; kUnavailable: the application did not say.
  using Outcome = std::variant<jwt::Identity, Error>;

  // All outlive this.
  SessionCheck(const SessionOptions& options, const jwt::Verifier& verifier, fetch::HttpClient& fetcher, Executor& loop)
      : options_(options), verifier_(verifier), fetcher_(fetcher), loop_(loop) {}

  // Whether `cookies`, a Cookie header, is worth asking about.
  bool applies_to(std::string_view cookies) const;
  void check(const std::string& cookies, const std::function<void(Outcome)>& done);

 private:
  static Outcome outcome_of(const Result<fetch::Response>& answer, const jwt::Verifier& verifier);

  const SessionOptions& options_;
  const jwt::Verifier& verifier_;
  fetch::HttpClient& fetcher_;
  Executor& loop_;
};

}  // namespace fanfare::gateway
