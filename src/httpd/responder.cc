#include "httpd/responder.h"

#include "httpd/connection_table.h"
#include "httpd/http_connection.h"
#include "net/socket_address.h"

namespace fanfare::httpd {

Responder::~Responder() {
  HttpConnection* unanswered = connection();
  ConnectionTable* table = handle_.table();
  if (unanswered == nullptr || table == nullptr) return;
  table->service().stats.answers_missing.add();
  unanswered->respond(table->service().router.refusal(500, "Internal Server Error: the request was not answered"));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): the caller gives it away, however it is written out
void Responder::respond(http::Response response) {
  if (HttpConnection* target = take_connection()) target->respond(response);
}

void Responder::respond_empty_object() {
  if (HttpConnection* target = take_connection()) target->respond_empty_object();
}

LongAnswer Responder::respond_long(AnswerObserver& observer) {
  HttpConnection* target = take_connection();
  return target == nullptr ? LongAnswer() : target->start_long_answer(observer);
}

void Responder::move_to(LoopIndex loop, const http::Request& request) {
  if (HttpConnection* target = take_connection()) target->move_to(loop, request);
}

net::Security Responder::security() const {
  const HttpConnection* target = connection();
  return target == nullptr ? net::Security::kNone : target->security();
}

net::SocketAddress Responder::peer_address() const {
  const HttpConnection* target = connection();
  return target == nullptr ? net::SocketAddress() : target->peer_address();
}

HttpConnection* Responder::connection() const noexcept {
  HttpConnection* found = handle_.connection();
  return found != nullptr && found->is_answer_due() && found->long_answer() == nullptr ? found : nullptr;
}

HttpConnection* Responder::take_connection() noexcept {
  HttpConnection* found = connection();
  ConnectionTable* table = handle_.table();
  if (found == nullptr && table != nullptr) table->service().stats.answers_dropped.add();
  handle_.release();
  return found;
}

}  // namespace fanfare::httpd
