// POST /events, POST /batch_events and the deprecated POST /channels/{channel}/events. Source: REF 9.3 to 9.5
//
// The answer goes out once every event is queued for its home; with `info`, once the homes have counted.
#pragma once

#include <string_view>

#include "api/authenticate.h"
#include "api/handlers.h"

namespace fanfare::api {

void handle_events(ApiContext& context, const Caller& caller, const http::Request& request, httpd::Responder responder);
void handle_batch_events(ApiContext& context, const Caller& caller, const http::Request& request,
                         httpd::Responder responder);
void handle_legacy_events(ApiContext& context, const Caller& caller, std::string_view channel,
                          const http::Request& request, httpd::Responder responder);

}  // namespace fanfare::api
