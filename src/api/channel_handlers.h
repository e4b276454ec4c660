// What an application asks about channels and users, and the commands it gives. Source: REF 9.5, 6.6
#pragma once

#include <string_view>

#include "api/authenticate.h"
#include "api/handlers.h"

namespace fanfare::api {

// GET /channels?filter_by_prefix=&info=user_count
void handle_channels(ApiContext& context, const Caller& caller, httpd::Responder responder);
// GET /channels/{channel}?info=user_count,subscription_count,cache
void handle_channel(ApiContext& context, const Caller& caller, std::string_view channel, httpd::Responder responder);
// GET /channels/{channel}/users
void handle_channel_users(ApiContext& context, const Caller& caller, std::string_view channel,
                          httpd::Responder responder);
// GET /users: beyond Pusher
void handle_users(ApiContext& context, const Caller& caller, httpd::Responder responder);
// GET /channels/{channel}/stats (deprecated)
void handle_channel_stats(ApiContext& context, const core::AppRef& app, std::string_view channel,
                          httpd::Responder responder);
// POST /users/{user_id}/terminate_connections
void handle_terminate(ApiContext& context, const core::AppRef& app, std::string_view user_id,
                      httpd::Responder responder);
// POST /channels/{channel}/users/{user_id}/kick
void handle_kick(ApiContext& context, const core::AppRef& app, std::string_view channel, std::string_view user_id,
                 httpd::Responder responder);

}  // namespace fanfare::api
