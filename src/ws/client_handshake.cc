#include "ws/client_handshake.h"

#include <algorithm>
#include <optional>

#include "crypto/base64.h"
#include "ws/extension_list.h"
#include "ws/header_list.h"

namespace fanfare::ws {
namespace {

constexpr std::size_t kHeadBytesMax = 16 * kKiB;
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

struct Response {
  std::string_view status_line;
  std::string upgrade;
  std::string connection;
  std::string accept;
  std::string protocol;
  std::string extensions;

  std::string* field(std::string_view name) {
    if (equals_ignoring_case(name, "Upgrade")) return &upgrade;
    if (equals_ignoring_case(name, "Connection")) return &connection;
    if (equals_ignoring_case(name, "Sec-WebSocket-Accept")) return &accept;
    if (equals_ignoring_case(name, "Sec-WebSocket-Protocol")) return &protocol;
    if (equals_ignoring_case(name, "Sec-WebSocket-Extensions")) return &extensions;
    return nullptr;
  }
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find(kLineEnd);
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + kLineEnd.size());
  return line;
}

// `head` without its empty line. Nothing: a line is no header field.
std::optional<Response> parse_head(std::string_view head) {
  Response response;
  response.status_line = take_line(head);
  while (!head.empty()) {
    const std::string_view line = take_line(head);
    const std::size_t colon = line.find(':');
    if (colon == 0 || colon == std::string_view::npos) return std::nullopt;
    std::string* value = response.field(line.substr(0, colon));
    if (value == nullptr) continue;
    if (!value->empty()) *value += ',';
    *value += trim(line.substr(colon + 1));
  }
  return response;
}

std::string or_none(std::string_view value) { return value.empty() ? "none" : "\"" + std::string(value) + "\""; }

Error fault(std::string_view what, std::string_view status_line) {
  return invalid("WebSocket handshake: " + std::string(what) + " (" + std::string(status_line) + ")");
}

// Whether each of the extensions that a server chose is one of those that were offered.
bool were_offered(std::string_view chosen, std::string_view offered) {
  const auto chosen_ones = parse_extensions(chosen);
  const auto offered_ones = parse_extensions(offered);
  if (!chosen_ones || !offered_ones) return false;
  return std::ranges::all_of(*chosen_ones, [&](const Extension& choice) {
    return std::ranges::any_of(*offered_ones, [&](const Extension& offer) { return offer.name == choice.name; });
  });
}

bool is_switching_protocols(std::string_view status_line) {
  return status_line.starts_with("HTTP/1.1 101") && (status_line.size() == 12 || status_line[12] == ' ');
}

}  // namespace

ClientHandshake::ClientHandshake(const ClientHandshakeRequest& request, const std::array<std::uint8_t, 16>& nonce)
    : subprotocol_(request.subprotocol), extensions_(request.extensions) {
  const std::string key = crypto::to_base64(nonce);
  expected_accept_ = accept_for_key(key);
  text_.append("GET ").append(request.target).append(" HTTP/1.1\r\n");
  const auto add = [this](std::string_view name, std::string_view value) {
    text_.append(name).append(": ").append(value).append(kLineEnd);
  };
  add("Host", request.host);
  add("Upgrade", "websocket");
  add("Connection", "Upgrade");
  add("Sec-WebSocket-Key", key);
  add("Sec-WebSocket-Version", "13");
  if (!subprotocol_.empty()) add("Sec-WebSocket-Protocol", subprotocol_);
  if (!extensions_.empty()) add("Sec-WebSocket-Extensions", extensions_);
  for (const HeaderField& field : request.headers) add(field.name, field.value);
  text_ += kLineEnd;
}

Result<std::size_t> ClientHandshake::check_response(std::string_view received) const {
  const std::size_t end = received.substr(0, kHeadBytesMax).find(kHeadEnd);
  if (end == std::string_view::npos) {
    if (received.size() < kHeadBytesMax) return std::size_t{0};
    return invalid("WebSocket handshake: the response's head is over " + std::to_string(kHeadBytesMax) + " bytes");
  }
  const std::optional<Response> response = parse_head(received.substr(0, end));
  if (!response.has_value()) return invalid("WebSocket handshake: the response is not HTTP/1.1");
  const std::string_view status = response->status_line;
  if (!is_switching_protocols(status)) return fault("expected status 101", status);
  if (!equals_ignoring_case(response->upgrade, "websocket")) {
    return fault("expected \"Upgrade: websocket\", got " + or_none(response->upgrade), status);
  }
  if (!has_token(response->connection, "upgrade")) {
    return fault("expected \"Connection: Upgrade\", got " + or_none(response->connection), status);
  }
  if (response->accept != expected_accept_) return fault("Sec-WebSocket-Accept does not fit the key", status);
  if (!were_offered(response->extensions, extensions_)) {
    return fault("extension not asked for: " + or_none(response->extensions), status);
  }
  // A server may choose no subprotocol, never one that was not offered.
  if (!response->protocol.empty() && response->protocol != subprotocol_) {
    return fault("subprotocol not asked for: " + or_none(response->protocol), status);
  }
  return end + kHeadEnd.size();
}

}  // namespace fanfare::ws
