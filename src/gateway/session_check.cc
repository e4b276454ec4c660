#include "gateway/session_check.h"

#include "json/json_reader.h"

namespace fanfare::gateway {
namespace {

Error away(const std::string& why) { return {ErrorKind::kUnavailable, "the session cannot be checked: " + why}; }

}  // namespace

bool SessionCheck::applies_to(std::string_view cookies) const {
  if (cookies.empty()) return false;
  if (options_.cookie.empty()) return true;
  while (!cookies.empty()) {
    while (cookies.starts_with(' ') || cookies.starts_with(',')) cookies.remove_prefix(1);
    if (cookies.starts_with(options_.cookie) && cookies.substr(options_.cookie.size()).starts_with('=')) return true;
    const std::size_t end = cookies.find(';');
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
  }
  return false;
}

void SessionCheck::check(const std::string& cookies, const std::function<void(Outcome)>& done) {
  fetch::Request request{.url = options_.url, .headers = {{"Cookie", cookies}, {"Accept", "application/json"}}};
  // The verifier outlives the loop's tasks; this object need not.
  const Status started = fetcher_.start(
      std::move(request), loop_,
      [done, verifier = &verifier_](const Result<fetch::Response>& answer) { done(outcome_of(answer, *verifier)); });
  if (!started.ok()) done(away(started.error().message));
}

SessionCheck::Outcome SessionCheck::outcome_of(const Result<fetch::Response>& answer, const jwt::Verifier& verifier) {
  if (!answer.ok()) return away(answer.error().message);
  if (answer->status == 401 || answer->status == 403 || answer->status == 404) {
    return Error{ErrorKind::kUnauthorized, "the session is nobody's"};
  }
  if (answer->status != 200) return away("HTTP status " + std::to_string(answer->status));
  json::Reader claims;
  if (!claims.parse_object(answer->body).ok()) return away("its answer is no JSON object");
  auto identity = jwt::read_identity(claims, verifier.claim_names(), verifier.extra_claims());
  if (const auto* error = std::get_if<jwt::TokenError>(&identity)) return away(error->message);
  return std::get<jwt::Identity>(std::move(identity));
}

}  // namespace fanfare::gateway
