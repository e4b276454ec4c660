// FallbackEndpoint: answers the paths of the HTTP fallbacks on one loop: preflights, SockJS's static paths, and the
// requests of sessions, which it takes to the loop that the session lives on.
//
// Thread: one loop.
#pragma once

#include <string_view>

#include "http/request.h"
#include "httpd/responder.h"
#include "httpd/router.h"
#include "session/fallback_context.h"
#include "session/fallback_session.h"
#include "sockjs/session_url.h"

namespace fanfare::session {

class FallbackEndpoint {
 public:
  // `context` outlives the endpoint; so does the router it is added to.
  explicit FallbackEndpoint(FallbackContext& context) : context_(context) {}

  // Takes all of FallbackOptions::paths that no route takes.
  void add_to(httpd::Router& router);

 private:
  // `path` lies behind the prefix.
  void handle(const http::Request& request, std::string_view path, httpd::Responder responder);
  void handle_info(const http::Request& request, httpd::Responder responder);
  void handle_iframe(const http::Request& request, httpd::Responder responder);
  void handle_session(const http::Request& request, const sockjs::SessionUrl& url, httpd::Responder responder);
  void handle_receiver(const http::Request& request, const sockjs::SessionUrl& url, httpd::Responder responder);
  void handle_send(const http::Request& request, const sockjs::SessionUrl& url, httpd::Responder responder);
  // Null: there is no place for it.
  FallbackSession* make_session(const http::Request& request, const sockjs::SessionUrl& url,
                                const httpd::Responder& responder);
  std::string script_for(const http::Request& request) const;

  FallbackContext& context_;
};

}  // namespace fanfare::session
