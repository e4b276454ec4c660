#include "httpd/connection_handle.h"

#include "httpd/connection_table.h"

namespace fanfare::httpd {

HttpConnection* ConnectionHandle::connection() const noexcept {
  ConnectionTable* found = table();
  return found == nullptr ? nullptr : found->find(slot_, generation_);
}

void ConnectionHandle::destroy(TableAnchor* anchor) noexcept { delete anchor; }

}  // namespace fanfare::httpd
