#include "cli/api_call.h"

#include <chrono>

#include "base/clock.h"
#include "cli/terminal_text.h"
#include "fetch/http_client.h"
#include "http/url.h"
#include "pusher/request_signature.h"

namespace fanfare::cli {

namespace {

constexpr int kOk = 200;
constexpr std::size_t kAnswerBytesMax = 64 * kMiB;  // GET /channels lists every occupied one

std::int64_t now_unix_s() {
  return std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wall().time_since_epoch()).count();
}

Error refusal(const fetch::Response& response) {
  std::string text = printable(response.body, LineBreaks::kKeep);
  while (text.ends_with('\n')) text.pop_back();
  if (text.empty()) text = "no text";
  return {ErrorKind::kForbidden, "the server answered " + std::to_string(response.status) + ": " + text};
}

}  // namespace

std::string api_path(const Target& target, const ApiCall& call) {
  std::string path = "/apps/";
  http::append_percent_encoded(path, target.app_id);
  http::PathSegments segments(call.path);
  while (const auto segment = segments.next()) {
    path += '/';
    http::append_percent_encoded(path, *segment);
  }
  return path;
}

Result<std::string> call_api_blocking(const Target& target, const ApiCall& call) {
  if (Status able = check_can_sign(target); !able.ok()) return std::move(able).error();
  const pusher::AppKey key(target.key, target.secret);
  const std::string path = api_path(target, call);
  const std::string query = pusher::sign_request(key, {call.method, path, call.parameters, call.body}, now_unix_s());
  fetch::Request request{.method = call.method, .url = "http://" + target.address() + path + "?" + query};
  if (!call.body.empty()) {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = call.body;
  }
  Result<fetch::Response> response = fetch::fetch_blocking(request, {.response_body_bytes_max = kAnswerBytesMax});
  if (!response.ok()) return Error{response.error().kind, with_hint(response.error())};
  if (response->status != kOk) return refusal(*response);
  return std::move(response->body);
}

}  // namespace fanfare::cli
