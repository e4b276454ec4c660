#include "gateway/backend_error.h"

#include <algorithm>
#include <string>

#include "base/log.h"

namespace fanfare::gateway {
namespace {

const Logger kLog("gateway");

void refuse_for_now(const ExchangeRef& exchange, const sdk::Error& error, const std::string& message) {
  const auto wait = std::max<std::chrono::seconds>(error.retry_after, std::chrono::seconds(1));
  exchange->add_header("Retry-After", std::to_string(wait.count()));
  exchange->refuse(503, "channels_unavailable", message);
}

}  // namespace

void refuse_for(const ExchangeRef& exchange, const sdk::Error& error) {
  using sdk::ErrorKind;
  kLog.debug("the Channels server refused", {{"kind", sdk::name_of(error.kind)},
                                             {"status", error.http_status},
                                             {"reason", error.message},
                                             {"request_id", exchange->request_id()}});
  switch (error.kind) {
    case ErrorKind::kInvalid:
    case ErrorKind::kRejected:
      return exchange->refuse(400, error.message);
    case ErrorKind::kTooLarge:
      return exchange->refuse(413, error.message);
    case ErrorKind::kLimit:
      return refuse_for_now(exchange, error, "the Channels server takes no more at the moment");
    case ErrorKind::kUnavailable:
    case ErrorKind::kTimeout:
    case ErrorKind::kStopped:
      return refuse_for_now(exchange, error, "the Channels server does not answer");
    case ErrorKind::kForbidden:
    case ErrorKind::kDisabled:
      return exchange->refuse(503, "channels_disabled", "the app is disabled, or over its quota");
    default:
      return exchange->refuse(
          502, "channels_failed",
          "the Channels server answered " + (error.http_status != 0 ? "with status " + std::to_string(error.http_status)
                                                                    : std::string("what it should not")));
  }
}

}  // namespace fanfare::gateway
