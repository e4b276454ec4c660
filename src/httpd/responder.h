// Responder: the right and the duty to answer one request, now or in a later turn.
//
// It names its connection by slot and generation: when the client has gone meanwhile, the answer is dropped and
// counted. One that dies unanswered answers 500, so that no client waits for ever.
//
// Thread: the loop of its connection, its destruction included. It may outlive the server's objects.
#pragma once

#include <string>
#include <utility>

#include "http/response.h"
#include "httpd/connection_handle.h"

namespace fanfare::httpd {

class [[nodiscard]] Responder {
 public:
  explicit Responder(ConnectionHandle connection) noexcept : handle_(std::move(connection)) {}
  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept = default;  // `other` gets the duty of the one assigned to
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

  ConnectionHandle handle_;
};

}  // namespace fanfare::httpd
