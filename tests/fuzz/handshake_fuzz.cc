// Both sides of the opening handshake: any header values, any response.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "ws/client_handshake.h"
#include "ws/handshake.h"

namespace {

using namespace fanfare;

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// Lines: method, minor version, Upgrade, Connection, key, version, protocols, extensions.
void try_server(std::string_view text) {
  ws::UpgradeRequest request;
  request.method = take_line(text);
  request.http_minor = take_line(text) == "0" ? 0 : 1;
  request.upgrade = take_line(text);
  request.connection = take_line(text);
  request.key = take_line(text);
  request.version = take_line(text);
  request.protocols = take_line(text);
  request.extensions = take_line(text);
  const ws::UpgradeDecision decision = ws::decide_upgrade(request);
  if (decision.verdict == ws::UpgradeVerdict::kAccepted) {
    FANFARE_ASSERT(decision.accept.size() == 28);
    FANFARE_ASSERT(ws::switching_protocols_response(decision).ends_with("\r\n\r\n"));
  }
  if (decision.verdict == ws::UpgradeVerdict::kRefused) {
    FANFARE_ASSERT(decision.status == 400 || decision.status == 405 || decision.status == 426);
    FANFARE_ASSERT(!decision.reason.empty() && decision.reason.size() < 256);
    FANFARE_ASSERT(decision.reason.find_first_of("\r\n") == std::string::npos);
  }
}

void try_client(std::string_view received) {
  constexpr std::array<std::uint8_t, 16> kNonce = {'t', 'h', 'e', ' ', 's', 'a', 'm', 'p',
                                                   'l', 'e', ' ', 'n', 'o', 'n', 'c', 'e'};
  static const ws::ClientHandshake handshake({.host = "localhost", .target = "/app/key", .subprotocol = "chat"},
                                             kNonce);
  const Result<std::size_t> taken = handshake.check_response(received);
  if (taken.ok()) FANFARE_ASSERT(*taken <= received.size());
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text({data, size});
  try_server(text);
  try_client(text);
  return 0;
}
