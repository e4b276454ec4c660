// RequestLoad: HTTP requests that were made beforehand, over keep-alive connections, each as soon as the one before it
// on its connection is answered: a closed loop, for the highest throughput and for what a request costs the server.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/report.h"
#include "bench/target.h"

namespace fanfare::bench {

struct RequestLoadOptions {
  std::uint32_t connections = 16;
  std::chrono::milliseconds duration{5'000};
  int status = 200;  // any other answer is counted as refused
};

// The requests that stand in `text` one behind the other, each with a Content-Length. Views of it.
// Fails: kInvalid, when one is not whole.
Result<std::vector<std::string_view>> split_requests(std::string_view text);

// Plays `requests`, of which there is at least one, in turn. Blocks until it is done.
// Fails: kUnavailable, when the server cannot be reached any more; kNotFound for a pid that is not there.
Result<Report> run_request_load(const BenchTarget& target, const std::vector<std::string_view>& requests,
                                const RequestLoadOptions& options);

}  // namespace fanfare::bench
