// Service: what all HTTP connections of a loop share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/local_bytes.h"
#include "http/date.h"
#include "http/response.h"
#include "httpd/httpd_stats.h"
#include "httpd/options.h"
#include "httpd/parser_pool.h"
#include "httpd/request_filter.h"
#include "httpd/router.h"
#include "httpd/upgrade_handler.h"
#include "net/event_loop.h"

namespace fanfare::httpd {

class HttpServer;

struct Service {
  Service(net::EventLoop& on_loop, const HttpdOptions& with_options, const Router& with_router,
          UpgradeHandler* with_upgrades)
      : loop(on_loop),
        options(with_options),
        router(with_router),
        upgrades(with_upgrades),
        parsers(with_options.request, with_options.parsers_kept_max),
        long_answer_limits(with_options.send_queue) {
    long_answer_limits.low_mark = 0;  // drained is: with the kernel
  }

  // "200 {}" as a slice that all connections of this second share: sending it allocates nothing.
  LocalSlice empty_object();

  net::EventLoop& loop;
  const HttpdOptions& options;
  const Router& router;
  UpgradeHandler* upgrades;
  const RequestFilter* filter = nullptr;
  HttpdStats stats;
  ParserPool parsers;
  http::DateCache date;
  std::string scratch;  // an answer is written here
  bool draining = false;
  net::SendQueueLimits long_answer_limits;
  std::vector<HttpServer*> peers;  // by loop; empty: connections stay where they are

  // REQUIRES: it has one.
  HttpServer& peer(LoopIndex loop_index) const noexcept;

 private:
  http::EmptyObjectResponse empty_object_text_;
  std::uint64_t empty_object_version_ = 0;
  LocalSlice empty_object_;
};

}  // namespace fanfare::httpd
