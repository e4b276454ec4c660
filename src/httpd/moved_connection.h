// MovedConnection: an HTTP connection on its way to the loop that serves its next request.
#pragma once

#include <memory>

#include "base/spare_buffer.h"
#include "net/stream.h"

namespace fanfare::httpd {

struct MovedConnection {
  std::unique_ptr<net::DetachedStream> stream;
  // The request that it moves for, and what came behind it.
  SpareBuffer input;
};

}  // namespace fanfare::httpd
