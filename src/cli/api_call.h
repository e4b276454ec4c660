// One signed request to the HTTP API of a server.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "cli/target.h"

namespace fanfare::cli {

struct ApiCall {
  std::string method = "GET";
  std::string path{};                                             // behind /apps/<id>, not encoded: "/channels"
  std::vector<std::pair<std::string, std::string>> parameters{};  // not encoded
  std::string body{};                                             // JSON; empty: none
};

// The path as it is signed and sent: "/apps/7/channels/my-channel". Pure.
std::string api_path(const Target& target, const ApiCall& call);

// Blocks: for at most ten seconds. Returns the body of a 200.
// Fails: with the server's own text and the status for any other answer; with what to do when there was none.
Result<std::string> call_api_blocking(const Target& target, const ApiCall& call);

}  // namespace fanfare::cli
