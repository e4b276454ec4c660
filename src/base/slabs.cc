#include "base/slabs.h"

namespace fanfare {

void* Slabs::take(std::size_t bytes) {
  for (const std::unique_ptr<Slab>& slab : by_size_) {
    if (bytes <= slab->object_bytes() && slab->object_bytes() - bytes < Slab::kAlignment) return slab->take();
  }
  return by_size_.emplace_back(std::make_unique<Slab>(bytes))->take();
}

}  // namespace fanfare
