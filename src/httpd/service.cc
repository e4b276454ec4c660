#include "httpd/service.h"

#include "base/assert.h"

namespace fanfare::httpd {

HttpServer& Service::peer(LoopIndex loop_index) const noexcept {
  FANFARE_ASSERT(loop_index.value() < peers.size() && loop_index != loop.index());
  return *peers[loop_index.value()];
}

LocalSlice Service::empty_object() {
  const std::string_view text = empty_object_text_.at(loop.wall_now());
  if (empty_object_version_ != empty_object_text_.version()) {
    empty_object_version_ = empty_object_text_.version();
    empty_object_ = LocalSlice::copy_of(as_bytes(text));
  }
  return empty_object_;
}

}  // namespace fanfare::httpd
