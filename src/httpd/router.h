// Router: which handler answers a method and path.
//
// A pattern is a path whose segments are literal or captures: "/apps/{app_id}/channels/{channel}". Segments are
// compared raw; captures are percent-decoded. Where several patterns fit, the one added first wins.
//
// Thread: built by one thread, then only read; handlers run on the loop of the connection.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "httpd/responder.h"

namespace fanfare::httpd {

// The captured segments of one request. Views last during the handler's call.
class RouteCaptures {
 public:
  static constexpr std::size_t kMax = 6;

  // The decoded segment. REQUIRES: the route's pattern has a capture of that name.
  std::string_view operator[](std::string_view name) const noexcept;
  std::size_t size() const noexcept { return count_; }

 private:
  friend class Router;
  struct Capture {
    std::string_view name;
    std::string_view raw;
    std::string decoded;  // only where it differs
    bool is_decoded = false;
  };
  // False: it is encoded wrongly.
  bool decode(Capture& capture);

  std::array<Capture, kMax> captures_;
  std::size_t count_ = 0;
};

// `request` and `captures` are valid during the call only; copy what a later answer needs.
using RouteHandler =
    std::function<void(const http::Request& request, const RouteCaptures& captures, Responder responder)>;

class Router {
 public:
  // REQUIRES: `pattern` begins with '/', at most RouteCaptures::kMax captures.
  // A GET route answers HEAD, too.
  void add(http::Method method, std::string_view pattern, RouteHandler handler);
  // Answers every request, of any method, for `prefix` and what lies below it, that no route takes. Captures are empty.
  // REQUIRES: `prefix` begins with '/' and does not end with one.
  void add_subtree(std::string_view prefix, RouteHandler handler);
  // Answers every OPTIONS request that no route of its own takes: for CORS. Its captures are empty.
  void set_options_handler(RouteHandler handler) { options_handler_ = std::move(handler); }

  // What the 404 of an unknown path goes on with, behind "404 NOT FOUND": what is where.
  void set_not_found_hint(std::function<std::string(const http::Request&)> hint) { not_found_hint_ = std::move(hint); }

  // How the refusals look that no handler makes: unknown paths and methods, what the parser refuses, what takes too
  // long, and requests that were left unanswered. `request` is null where there is none yet, or no longer. Without it
  // they are plain text, status and what is wrong.
  using Refusal = std::function<http::Response(int status, std::string text, const http::Request* request)>;
  void set_refusal(Refusal refusal) { refusal_ = std::move(refusal); }
  http::Response refusal(int status, std::string text, const http::Request* request = nullptr) const;

  // Calls the handler, or answers 400 (a capture is encoded wrongly), 404, or 405 with Allow.
  void route(const http::Request& request, Responder responder) const;

 private:
  struct Segment {
    std::string text;  // literal, or the capture's name
    bool is_capture = false;
  };
  struct Route {
    http::Method method;
    std::vector<Segment> segments;
    RouteHandler handler;
  };

  static bool matches(const Route& route, std::string_view path, RouteCaptures& captures);
  std::string allowed_methods(std::string_view path) const;
  void refuse(const http::Request& request, Responder responder) const;

  struct Subtree {
    std::string prefix;
    RouteHandler handler;
  };
  static bool is_below(std::string_view path, std::string_view prefix) noexcept {
    return path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/');
  }

  std::vector<Route> routes_;
  std::vector<Subtree> subtrees_;
  RouteHandler options_handler_;
  std::function<std::string(const http::Request&)> not_found_hint_;
  Refusal refusal_;
};

}  // namespace fanfare::httpd
