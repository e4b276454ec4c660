// Responder: the right and the duty to answer one request, now or in a later turn.
//
// It names its connection by slot and generation: when the client has gone meanwhile, the answer is dropped and
// counted. One that dies unanswered answers 500, so that no client waits for ever.
//
// Thread: the loop of its connection, its destruction included. It may outlive the server's objects.
#pragma once

#include <utility>

#include "base/strong_id.h"
#include "http/request.h"
#include "http/response.h"
#include "httpd/connection_handle.h"
#include "httpd/long_answer.h"
#include "net/socket_address.h"
#include "net/stream.h"

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

  // Answers bit by bit, and tells `observer` how it goes; the observer outlives the LongAnswer. The Responder is spent.
  // When the client has gone already, so is the LongAnswer, and no call comes.
  LongAnswer respond_long(AnswerObserver& observer);

  // Leaves the request to the server of another loop, and the whole connection with it: the descriptor and the bytes
  // that nobody has read. Behind an answer that is still on its way to the client it cannot go: then it is answered 421
  // and closed. The Responder is spent.
  // REQUIRES: inside the handler's call for `request`; HttpServer::set_peers() has that loop, and it is another one.
  void move_to(LoopIndex loop, const http::Request& request);

  // Whether the client is still there. A spent one says no.
  bool is_wanted() const noexcept { return connection() != nullptr; }
  // Of the connection; none when the client has gone.
  net::SocketAddress peer_address() const;
  // Whether the connection itself is encrypted; kNone when the client has gone.
  net::Security security() const;

 private:
  HttpConnection* connection() const noexcept;
  // The connection to answer now, or null: spent, or gone (which is counted).
  HttpConnection* take_connection() noexcept;

  ConnectionHandle handle_;
};

}  // namespace fanfare::httpd
