// Exchange: one request and its answer, which may take a few turns of the loop.
//
// It keeps what the request said that an answer may need later, writes headers, the access log and the counters. One
// that dies unanswered answers 500.
//
// Thread: the gateway's loop.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "gateway/gateway_context.h"
#include "http/request.h"
#include "http/response.h"
#include "httpd/responder.h"
#include "httpd/router.h"

namespace fanfare::gateway {

class Exchange {
 public:
  // `route`: its pattern, for the log; `capture`: the decoded segment that the pattern captured, or nothing.
  Exchange(GatewayContext& context, const http::Request& request, std::string_view route, std::string_view capture,
           httpd::Responder responder);
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;
  ~Exchange();

  GatewayContext& context() const noexcept { return context_; }

  // ---- What was asked.
  const std::string& body() const noexcept { return body_; }
  const std::string& query() const noexcept { return query_; }
  const std::string& capture() const noexcept { return capture_; }
  const std::string& content_type() const noexcept { return content_type_; }
  const std::string& authorization() const noexcept { return authorization_; }
  const std::string& cookie() const noexcept { return cookie_; }
  const std::string& idempotency_key() const noexcept { return idempotency_key_; }
  const std::string& origin() const noexcept { return origin_; }
  const std::string& host() const noexcept { return host_; }
  const std::string& webhook_key() const noexcept { return webhook_key_; }
  const std::string& webhook_signature() const noexcept { return webhook_signature_; }
  const std::string& address() const noexcept { return address_; }  // the client's, behind proxies
  const std::string& request_id() const noexcept { return request_id_; }

  // ---- The answer.
  void set_user(std::string_view user_id) { user_id_ = user_id; }  // for the log
  void add_header(std::string name, std::string value);
  // Once; what comes later is dropped. `json` is the body.
  void answer(std::string json, int status = 200);
  void refuse(int status, std::string_view code, std::string_view message);
  void refuse(int status, std::string_view message);
  bool is_answered() const noexcept { return is_answered_; }

 private:
  void write_log(int status, std::chrono::microseconds time, std::string_view code) const;

  GatewayContext& context_;
  httpd::Responder responder_;
  const MonotonicTime begin_;
  std::string method_;
  std::string route_;
  std::string path_;
  std::string query_;
  std::string capture_;
  std::string body_;
  std::string content_type_;
  std::string authorization_;
  std::string cookie_;
  std::string idempotency_key_;
  std::string origin_;
  std::string host_;
  std::string webhook_key_;
  std::string webhook_signature_;
  std::string address_;
  std::string request_id_;
  std::string user_id_;
  std::string code_;
  std::vector<http::ResponseHeader> headers_;
  bool is_answered_ = false;
};

// Shared by whoever may answer it.
using ExchangeRef = std::shared_ptr<Exchange>;

}  // namespace fanfare::gateway
