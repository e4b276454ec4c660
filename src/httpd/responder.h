// Responder: the right and the duty to answer one request, now or in a later turn.
//
// It names its connection by slot and generation: when the client has gone meanwhile, the answer is dropped and
// counted. One that dies unanswered answers 500, so that no client waits for ever.
//
// Thread: the loop of its connection, its destruction included. It may outlive the server's objects.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "http/response.h"

namespace fanfare::httpd {

class ConnectionTable;
class HttpConnection;

// What Responders hold instead of the table itself. Counted by one loop, hence plainly.
struct TableAnchor {
  ConnectionTable* table = nullptr;  // null once the table is gone
  std::uint32_t references = 0;
};

class [[nodiscard]] Responder {
 public:
  Responder(TableAnchor& anchor, std::uint32_t slot, std::uint32_t generation) noexcept
      : anchor_(&anchor), slot_(slot), generation_(generation) {
    ++anchor.references;
  }
  Responder(Responder&& other) noexcept
      : anchor_(std::exchange(other.anchor_, nullptr)), slot_(other.slot_), generation_(other.generation_) {}
  Responder& operator=(Responder&& other) noexcept;
  Responder(const Responder&) = delete;
  Responder& operator=(const Responder&) = delete;
  ~Responder();

  // Answers. The Responder is spent, like one that was moved from.
  void respond(http::Response response);
  // 200 with an empty JSON object, the cheapest answer.
  void respond_empty_object();

  // Whether the client is still there. A spent one says no.
  bool is_wanted() const noexcept { return connection() != nullptr; }
  // "127.0.0.1"; "unknown" when the client has gone.
  std::string peer_ip() const;

 private:
  HttpConnection* connection() const noexcept;
  // The connection to answer now, or null: spent, or gone (which is counted).
  HttpConnection* take_connection() noexcept;
  void release() noexcept;

  TableAnchor* anchor_;
  std::uint32_t slot_;
  std::uint32_t generation_;
};

}  // namespace fanfare::httpd
