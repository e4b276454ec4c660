#include "sdk/caller.h"

#include <algorithm>
#include <utility>

#include "sdk/answers.h"
#include "sdk/retry.h"

namespace fanfare::sdk {
namespace {

Error stopped() { return {.kind = ErrorKind::kStopped, .message = "the client was destroyed before the answer came"}; }

}  // namespace

// One call, from start() to finish().
struct Caller::Running {
  Call call;
  OnAnswer on_answer;
  MonotonicTime deadline;
  unsigned attempts = 0;
  bool outcome_unknown = false;  // of any attempt: what the last one says does not undo the others
};

Caller::Caller(const Settings& settings, Transport& transport, Delays& delays, const Clock& clock, std::uint64_t seed)
    : settings_(settings),
      transport_(transport),
      delays_(delays),
      clock_(clock),
      credentials_{settings.options.key, settings.options.secret},
      server_(settings.base_url.substr(settings.base_url.find("//") + 2)),
      random_(seed) {}

void Caller::start(Call call, OnAnswer on_answer) {
  const std::size_t most = settings_.options.pending_requests_max;
  if (pending_.fetch_add(1) >= most) {
    pending_.fetch_sub(1);
    return on_answer(Error{.kind = ErrorKind::kLimit,
                           .message = "too many requests are pending in this client: at most " + std::to_string(most)});
  }
  requests_.fetch_add(1);
  auto running = std::make_shared<Running>();
  running->call = std::move(call);
  running->on_answer = std::move(on_answer);
  running->deadline = clock_.monotonic() + settings_.options.total_timeout;
  attempt(running);
}

void Caller::attempt(const std::shared_ptr<Running>& running) {
  if (is_stopping_) return finish(*running, stopped());
  ++running->attempts;
  if (running->attempts > 1) retries_.fetch_add(1);
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(running->deadline - clock_.monotonic());
  const auto timeout = std::clamp(left, std::chrono::milliseconds{1}, settings_.options.request_timeout);
  transport_.start(signed_request(running->call, timeout),
                   [this, running](Result<HttpResponse> result) { take(running, std::move(result)); });
}

void Caller::take(const std::shared_ptr<Running>& running, Result<HttpResponse> result) {
  if (result.ok() && (result->status < 200 || result->status > 299)) result = error_of(*result, server_);
  if (result.ok()) return finish(*running, std::move(result));

  const Error& error = result.error();
  running->outcome_unknown |= error.outcome_unknown;
  const bool may = running->attempts < settings_.options.retry.attempts_max &&
                   may_repeat(error, running->call.is_repeatable) && !is_stopping_;
  if (!may) return finish(*running, std::move(result));
  const std::chrono::milliseconds delay = random_delay(running->attempts, error.retry_after);
  // A wait beyond the deadline would only delay this error.
  if (clock_.monotonic() + delay >= running->deadline) return finish(*running, std::move(result));
  delays_.after(delay, [this, running](bool is_stopped) {
    if (is_stopped) return finish(*running, stopped());
    attempt(running);
  });
}

void Caller::finish(Running& running, Result<HttpResponse> result) {
  if (!result.ok()) {
    failures_.fetch_add(1);
    Error error = std::move(result).error();
    error.outcome_unknown |= running.outcome_unknown;
    result = std::move(error);
  }
  // The place is free before the callback, which may well make the next call.
  pending_.fetch_sub(1);
  const OnAnswer on_answer = std::move(running.on_answer);
  on_answer(std::move(result));
}

HttpRequest Caller::signed_request(const Call& call, std::chrono::milliseconds timeout) const {
  // Each attempt is signed anew: a signature is good for minutes only.
  const std::string query =
      signed_query(credentials_, {call.method, call.path, call.body, call.parameters}, clock_.wall());
  HttpRequest request{.method = call.method,
                      .url = settings_.base_url + call.url_path + "?" + query,
                      .headers = {{"X-Pusher-Library", "fanfare-cpp " FANFARE_SDK_VERSION}},
                      .body = call.body,
                      .timeout = timeout};
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!call.idempotency_key.empty()) request.headers.emplace_back("Idempotency-Key", call.idempotency_key);
  return request;
}

std::chrono::milliseconds Caller::random_delay(unsigned attempt, std::chrono::seconds retry_after) {
  const std::lock_guard lock(random_mutex_);
  return delay_after(attempt, settings_.options.retry, retry_after, random_);
}

ClientStats Caller::stats() const noexcept {
  return {.requests = requests_, .retries = retries_, .failures = failures_};
}

}  // namespace fanfare::sdk
