// ConnectionHandle: names a connection of this loop, which may be gone by the time it is asked for.
//
// Thread: one loop, copies and destruction included. It may outlive the table.
#pragma once

#include <cstdint>
#include <utility>

namespace fanfare::httpd {

class ConnectionTable;
class HttpConnection;

// What handles hold instead of the table itself. Counted by one loop, hence plainly.
struct TableAnchor {
  ConnectionTable* table = nullptr;  // null once the table is gone
  std::uint32_t references = 0;
};

class ConnectionHandle {
 public:
  ConnectionHandle(TableAnchor& anchor, std::uint32_t slot, std::uint32_t generation) noexcept
      : anchor_(&anchor), slot_(slot), generation_(generation) {
    ++anchor.references;
  }
  ConnectionHandle(ConnectionHandle&& other) noexcept
      : anchor_(std::exchange(other.anchor_, nullptr)), slot_(other.slot_), generation_(other.generation_) {}
  ConnectionHandle& operator=(ConnectionHandle&& other) noexcept {
    std::swap(anchor_, other.anchor_);
    std::swap(slot_, other.slot_);
    std::swap(generation_, other.generation_);
    return *this;
  }
  ConnectionHandle(const ConnectionHandle&) = delete;
  ConnectionHandle& operator=(const ConnectionHandle&) = delete;
  ~ConnectionHandle() { release(); }

  // Null: it was moved from, or released, or the connection has gone.
  HttpConnection* connection() const noexcept;
  // Null: moved from, released, or the table has gone.
  ConnectionTable* table() const noexcept { return anchor_ == nullptr ? nullptr : anchor_->table; }
  void release() noexcept {
    TableAnchor* anchor = std::exchange(anchor_, nullptr);
    if (anchor != nullptr && --anchor->references == 0) destroy(anchor);
  }

 private:
  // Out of line: g++ 12 inlines several counts into one function and then warns of a use after the delete.
  static void destroy(TableAnchor* anchor) noexcept;

  TableAnchor* anchor_;
  std::uint32_t slot_;
  std::uint32_t generation_;
};

}  // namespace fanfare::httpd
