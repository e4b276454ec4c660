#include "deflate/history.h"

#include <algorithm>

namespace fanfare::deflate {

void History::append(ByteView bytes) {
  if (bytes.size() > bytes_max_) bytes = bytes.last(bytes_max_);
  const std::size_t total = bytes_.size() + bytes.size();
  if (total > bytes_.capacity()) bytes_.reserve(std::min(2 * total, bytes_max_));
  if (total > bytes_max_) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(total - bytes_max_));
  }
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

}  // namespace fanfare::deflate
