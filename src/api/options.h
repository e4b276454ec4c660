// What can be set about the HTTP API; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>

namespace fanfare::api {

struct ApiOptions {
  // How far auth_timestamp may be from the server's clock. Source: REF 9.2
  std::chrono::seconds timestamp_tolerance{600};
  // Browsers may call the API directly when set (Access-Control-Allow-Origin). Off: it is a server-to-server API.
  // REF 9.1
  bool cors = false;
  // An Idempotency-Key header longer than this is refused with 400.
  std::size_t idempotency_key_bytes_max = 255;
};

}  // namespace fanfare::api
