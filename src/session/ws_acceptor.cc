#include "session/ws_acceptor.h"

#include <optional>
#include <string>
#include <utility>

#include "base/scratch.h"
#include "http/request.h"
#include "http/response.h"
#include "pusher/outbound_event.h"
#include "session/admission.h"
#include "session/closing_connection.h"
#include "session/compression.h"
#include "session/deflating_connection.h"
#include "session/echo_connection.h"
#include "session/ws_connection.h"
#include "ws/frame.h"
#include "ws/handshake.h"

namespace fanfare::session {

namespace {

// Repeated headers count as one list.
struct UpgradeLists {
  explicit UpgradeLists(const http::Request& request)
      : connection(request.joined_header("Connection")),
        protocols(request.joined_header("Sec-WebSocket-Protocol")),
        extensions(request.joined_header("Sec-WebSocket-Extensions")) {}

  std::string connection;
  std::string protocols;
  std::string extensions;
};

ws::UpgradeDecision decide(const http::Request& request, const UpgradeLists& lists) {
  return ws::decide_upgrade({.method = request.method_text,
                             .http_major = 1,
                             .http_minor = request.version_minor,
                             .upgrade = request.header("Upgrade"),
                             .connection = lists.connection,
                             .key = request.header("Sec-WebSocket-Key"),
                             .version = request.header("Sec-WebSocket-Version"),
                             .protocols = lists.protocols,
                             .extensions = lists.extensions});
}

void accept(net::Stream& stream, const ws::UpgradeDecision& upgrade,
            const std::optional<ws::DeflateResponse>& deflate) {
  if (!deflate) return (void)stream.queue_copy(as_bytes(ws::switching_protocols_response(upgrade)));
  const ws::HeaderField extension[] = {{"Sec-WebSocket-Extensions", deflate->extension}};
  (void)stream.queue_copy(as_bytes(ws::switching_protocols_response(upgrade, extension)));
}

void answer_over_http(const http::Request& request, const ws::UpgradeDecision& upgrade, net::Stream& stream) {
  http::Response response = http::text_response(upgrade.status == 0 ? 400 : upgrade.status, upgrade.reason);
  for (const ws::HeaderField& field : upgrade.headers) {
    response.headers.push_back({std::string(field.name), std::string(field.value)});
  }
  std::string& text = scratch();
  http::append_response(text, response, {.version_minor = request.version_minor, .keep_alive = false});
  (void)stream.queue_copy(as_bytes(text));
}

}  // namespace

void WsAcceptor::on_upgrade(const http::Request& request, std::unique_ptr<net::Stream> stream, MutableBytes unread) {
  // From here on this connection is one client's, so the client's address is its.
  const bool is_tls = note_client(request, *stream);
  const UpgradeLists lists(request);
  const ws::UpgradeDecision upgrade = decide(request, lists);
  if (upgrade.verdict != ws::UpgradeVerdict::kAccepted) {
    answer_over_http(request, upgrade, *stream);
    connections_.add(std::make_unique<ClosingConnection>(connections_, std::move(stream)));
    return;
  }
  if (!context_.options.echo_path.empty() && request.path == context_.options.echo_path) {
    return start_echo(std::move(stream), upgrade, lists.extensions, unread);
  }

  ConnectDecision decision = decide_connect({request.path, request.query, request.header("Origin"), is_tls},
                                            context_.apps.table(), server_state(context_));
  std::optional<ws::DeflateResponse> deflate;
  if (decision.is_welcome()) deflate = context_.compression.agree(lists.extensions, *decision.app);
  accept(*stream, upgrade, deflate);
  Admission admission = admit(context_, decision, stream->peer_address().ip_text());
  if (!decision.is_welcome()) return refuse(decision, std::move(stream));
  std::unique_ptr<WsConnection> made;
  if (deflate) {
    made = make_in_slab<DeflatingConnection>(context_.loop.slabs(), context_, connections_, std::move(stream),
                                             std::move(admission), deflate->agreement);
  } else {
    made = make_in_slab<WsConnection>(context_.loop.slabs(), context_, connections_, std::move(stream),
                                      std::move(admission));
  }
  WsConnection& started = *made;
  connections_.add(std::move(made));
  started.start(unread);
}

void WsAcceptor::start_echo(std::unique_ptr<net::Stream> stream, const ws::UpgradeDecision& upgrade,
                            std::string_view extensions, MutableBytes unread) {
  const std::optional<ws::DeflateResponse> deflate = context_.compression.agree(extensions);
  accept(*stream, upgrade, deflate);
  std::optional<ws::DeflateAgreement> agreement;
  if (deflate) agreement = deflate->agreement;
  auto echo = std::make_unique<EchoConnection>(connections_, std::move(stream), context_.compression, agreement);
  EchoConnection& started = *echo;
  connections_.add(std::move(echo));
  started.start(unread);
}

bool WsAcceptor::note_client(const http::Request& request, net::Stream& stream) const {
  const ClientFacts client = client_facts(context_, request, stream.peer_address(), stream.security());
  stream.set_peer_address(client.address);
  return client.is_tls;
}

void WsAcceptor::refuse(const ConnectDecision& decision, std::unique_ptr<net::Stream> stream) {
  note_refusal(context_, decision, stream->peer_address().ip_text());
  if (decision.wants_error_event()) {
    std::string& text = scratch();
    pusher::append_error(text, static_cast<pusher::ErrorCode>(decision.close_code), decision.close_reason);
    (void)stream->queue(LocalSlice(ws::encode_text_frame(text).slice()), net::DropPolicy::kKeep);
  }
  const ws::Frame close = ws::close_frame(static_cast<ws::CloseCode>(decision.close_code), decision.close_reason);
  (void)stream->queue(LocalSlice(close.slice()), net::DropPolicy::kKeep);
  connections_.add(std::make_unique<ClosingConnection>(connections_, std::move(stream)));
}

}  // namespace fanfare::session
