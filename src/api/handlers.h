// Shared by the handlers of the HTTP API: how they answer.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "api/api_context.h"
#include "api/api_error.h"
#include "http/request.h"
#include "http/response.h"
#include "httpd/responder.h"

namespace fanfare::api {

// A Responder that a copyable callback can hold.
using SharedResponder = std::shared_ptr<httpd::Responder>;
inline SharedResponder share(httpd::Responder responder) {
  return std::make_shared<httpd::Responder>(std::move(responder));
}

// Answers, with what a browser on another origin wants to see where the app may be called from there. Source: REF 9.1
void respond(ApiContext& context, httpd::Responder& responder, http::Response response);
void respond_json(ApiContext& context, httpd::Responder& responder, std::string body);
// 200 {}
void respond_empty_object(ApiContext& context, httpd::Responder& responder);

// Answers without counting it as refused: for what the caller has counted.
void respond_error(ApiContext& context, httpd::Responder& responder, const ApiError& error);
// Counts by status and answers.
void refuse(ApiContext& context, httpd::Responder& responder, const ApiError& error);
void refuse(ApiContext& context, httpd::Responder& responder, const Error& error);

}  // namespace fanfare::api
