// Splits bytes that are whole unmasked text frames into their payloads.
#pragma once

#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"

namespace fanfare::test {

inline std::vector<std::string_view> frame_payloads(ByteView bytes) {
  std::vector<std::string_view> payloads;
  while (!bytes.empty()) {
    FANFARE_ASSERT(bytes.size() >= 2 && bytes[0] == 0x81);
    std::size_t header = 2;
    std::size_t length = bytes[1];
    if (length == 126) {
      header = 4;
      length = load_be16(bytes.data() + 2);
    } else if (length == 127) {
      header = 10;
      length = load_be64(bytes.data() + 2);
    }
    FANFARE_ASSERT(bytes.size() >= header + length);
    payloads.push_back(as_text(bytes.subspan(header, length)));
    bytes = bytes.subspan(header + length);
  }
  return payloads;
}

}  // namespace fanfare::test
