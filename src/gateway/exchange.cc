#include "gateway/exchange.h"

#include <utility>

#include "base/log.h"
#include "gateway/request_id.h"
#include "httpd/client_address.h"
#include "pusher/quote.h"

namespace fanfare::gateway {
namespace {

const Logger kLog("gateway");
constexpr std::size_t kLoggedBytes = 200;

}  // namespace

Exchange::Exchange(GatewayContext& context, const http::Request& request, std::string_view route,
                   std::string_view capture, httpd::Responder responder)
    : context_(context),
      responder_(std::move(responder)),
      begin_(context.clock.monotonic()),
      method_(request.method_text),
      route_(route),
      path_(request.path),
      query_(request.query),
      capture_(capture),
      body_(as_text(request.body)),
      content_type_(request.header("Content-Type")),
      authorization_(request.header("Authorization")),
      cookie_(request.joined_header("Cookie")),
      idempotency_key_(request.header("Idempotency-Key")),
      origin_(request.header("Origin")),
      host_(request.header("Host")),
      webhook_key_(request.header("X-Pusher-Key")),
      webhook_signature_(request.header("X-Pusher-Signature")),
      address_(httpd::client_address(responder_.peer_address(), request.joined_header("X-Forwarded-For"),
                                     context.trusted_proxies)
                   .ip_text()),
      request_id_(request_id_of(request.header("X-Request-Id"))) {}

Exchange::~Exchange() {
  if (!is_answered_) refuse(500, "internal_error", "the request was not answered");
}

void Exchange::add_header(std::string name, std::string value) {
  headers_.push_back({std::move(name), std::move(value)});
}

void Exchange::answer(std::string json, int status) {
  if (std::exchange(is_answered_, true)) return;
  http::Response response = http::json_response(std::move(json), status);
  response.headers = std::move(headers_);
  response.headers.push_back({"X-Request-Id", request_id_});
  response.headers.push_back({"Cache-Control", "no-store"});
  context_.cors.add_headers(response, origin_);
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(context_.clock.monotonic() - begin_);
  context_.stats.count_answer(status);
  context_.stats.answer_time.record_us(static_cast<std::uint64_t>(time.count()));
  if (context_.options.access_log) write_log(status, time, code_);
  responder_.respond(std::move(response));
}

void Exchange::refuse(int status, std::string_view code, std::string_view message) {
  if (is_answered_) return;
  code_ = code;
  answer(error_body(code, message, request_id_), status);
}

void Exchange::refuse(int status, std::string_view message) { refuse(status, code_of_status(status), message); }

// Never a header, a query or a body: they hold tokens.
void Exchange::write_log(int status, std::chrono::microseconds time, std::string_view code) const {
  kLog.info("request", {{"method", method_},
                        {"route", route_},
                        {"path", pusher::shortened(path_, kLoggedBytes)},
                        {"status", status},
                        {"code", code},
                        {"time_us", time.count()},
                        {"user", pusher::shortened(user_id_, kLoggedBytes)},
                        {"address", address_},
                        {"request_id", request_id_}});
}

}  // namespace fanfare::gateway
