// The paths of the HTTP API. Source: REF 9
#pragma once

#include "api/api_context.h"
#include "httpd/router.h"

namespace fanfare::api {

// Every path of the hosted service, the deprecated ones too, and what Fanfare adds (kick). `context` outlives the
// router.
void add_routes(httpd::Router& router, ApiContext& context);

}  // namespace fanfare::api
