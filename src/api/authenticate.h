// Who asks: the app of a request, and whether its signature is good. Errors that teach: the text begins with the hosted
// service's words and goes on with what was expected and found. Source: REF 9.2
#pragma once

#include <string_view>

#include "api/api_context.h"
#include "api/api_error.h"
#include "api/query_parameters.h"
#include "core/app.h"
#include "http/request.h"

namespace fanfare::api {

// Either the app and what its query asks for, or the refusal.
struct Caller {
  core::AppRef app;  // null: refused
  QueryParameters query;
  ApiError refusal;
};

// `app_id`: as the path names it.
Caller authenticate(ApiContext& context, const http::Request& request, std::string_view app_id);
// For the paths without an app id: the app is that of auth_key. Source: REF 6.6 (the Python SDK)
Caller authenticate_by_key(ApiContext& context, const http::Request& request);

}  // namespace fanfare::api
