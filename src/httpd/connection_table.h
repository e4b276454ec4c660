// ConnectionTable: owns the HTTP connections of a loop and finds them by slot and generation.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "httpd/connection_handle.h"
#include "httpd/http_connection.h"
#include "httpd/service.h"

namespace fanfare::httpd {

class ConnectionTable {
 public:
  // `service` must outlive the table.
  explicit ConnectionTable(Service& service);
  ~ConnectionTable();
  ConnectionTable(const ConnectionTable&) = delete;
  ConnectionTable& operator=(const ConnectionTable&) = delete;

  // Starts to read it.
  HttpConnection& add(std::unique_ptr<net::Stream> stream);
  // Takes it out; it is destroyed at the end of the turn, so a connection may remove itself.
  void remove(std::uint32_t slot);
  // Null when it has gone.
  HttpConnection* find(std::uint32_t slot, std::uint32_t generation) noexcept;

  template <typename Callable>
  void for_each(const Callable& callable) {
    for (const Slot& slot : slots_) {
      if (slot.connection != nullptr) callable(*slot.connection);
    }
  }

  std::size_t size() const noexcept { return size_; }
  Service& service() noexcept { return service_; }
  ConnectionHandle handle_of(std::uint32_t slot) noexcept { return {*anchor_, slot, slots_[slot].generation}; }

 private:
  struct Slot {
    std::unique_ptr<HttpConnection> connection;
    std::uint32_t generation = 0;
  };

  Service& service_;
  TableAnchor* anchor_;  // deleted by the last handle, or by us
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t size_ = 0;
};

}  // namespace fanfare::httpd
