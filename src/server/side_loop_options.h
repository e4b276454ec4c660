// Options of the loops beside the workers', which answer a few requests and send to nobody in numbers: metrics,
// gateway.
#pragma once

#include "net/options.h"

namespace fanfare::server {

inline net::NetOptions side_loop_options(net::NetOptions options) {
  options.io_engine = net::IoEngine::kEpoll;  // a ring would stay empty
  return options;
}

}  // namespace fanfare::server
