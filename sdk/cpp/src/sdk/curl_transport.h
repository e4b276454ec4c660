// The library's own Transport: libcurl on a thread of its own, which keeps connections between requests.
//
// Redirects are not followed, certificates are verified, proxies of the environment are not used. A request is sent
// once: nothing below repeats it.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "fanfare/transport.h"

namespace fanfare::sdk {

struct CurlOptions {
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t connections_max = 8;  // requests above it wait, within their own timeout
  std::size_t answer_bytes_max = std::size_t{16} * 1024 * 1024;
  std::string proxy{};
  std::string ca_file{};
  std::string user_agent = "fanfare-cpp";
};

std::unique_ptr<Transport> make_curl_transport(const CurlOptions& options);

}  // namespace fanfare::sdk
