// PROXY headers: any bytes. What is complete stays so whatever follows it, and every beginning of it is incomplete.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "net/proxy_header.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fanfare;
  using Outcome = net::ProxyHeader::Outcome;
  const net::ProxyHeader whole = net::parse_proxy_header({data, size});
  if (whole.outcome == Outcome::kIncomplete) {
    FANFARE_ASSERT(size < net::kProxyHeaderBytesMax);
    return 0;
  }
  if (whole.outcome == Outcome::kInvalid) {
    std::vector<std::uint8_t> more(data, data + size);
    more.push_back('\n');
    FANFARE_ASSERT(net::parse_proxy_header(more).outcome == Outcome::kInvalid);
    return 0;
  }
  FANFARE_ASSERT(whole.size <= size && whole.size <= net::kProxyHeaderBytesMax);
  const net::ProxyHeader alone = net::parse_proxy_header({data, whole.size});
  FANFARE_ASSERT(alone.outcome == Outcome::kComplete && alone.size == whole.size && alone.client == whole.client);
  for (std::size_t cut = 0; cut < std::min<std::size_t>(whole.size, 128); ++cut) {
    FANFARE_ASSERT(net::parse_proxy_header({data, cut}).outcome == Outcome::kIncomplete);
  }
  return 0;
}
