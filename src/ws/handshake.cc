#include "ws/handshake.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "crypto/base64.h"
#include "crypto/digest.h"
#include "ws/extension_list.h"
#include "ws/header_list.h"

namespace fanfare::ws {
namespace {

constexpr std::string_view kVersion = "13";
constexpr std::size_t kQuotedMax = 40;  // of a value that came in, in a reason

constexpr std::array<HeaderField, 1> kAllowGet{{{"Allow", "GET"}}};
// RFC 9110 section 15.5.22 wants Upgrade with every 426, RFC 6455 section 4.4 the version that we speak.
constexpr std::array<HeaderField, 2> kUpgradeRequired{{{"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}}};

UpgradeDecision refuse(int status, std::string reason, std::span<const HeaderField> headers = {}) {
  UpgradeDecision decision;
  decision.verdict = UpgradeVerdict::kRefused;
  decision.status = status;
  decision.reason = std::move(reason);
  decision.headers = headers;
  return decision;
}

// `value` for a reason: quoted, bounded, and printable whatever came.
std::string quoted(std::string_view value) {
  if (value.empty()) return "none";
  std::string text = "\"";
  for (const char c : value.substr(0, kQuotedMax)) text += c >= ' ' && c <= '~' ? c : '?';
  text += value.size() > kQuotedMax ? "…\"" : "\"";
  return text;
}

bool is_base64_character(char c) noexcept {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

// 16 bytes in base64: 22 characters and two of padding. The last character's unused bits may be anything: the RFC only
// asks for something that decodes to 16 bytes.
bool is_key(std::string_view key) noexcept {
  return key.size() == 24 && key.ends_with("==") &&
         std::all_of(key.begin(), key.begin() + 22, [](char c) { return is_base64_character(c); });
}

}  // namespace

std::string accept_for_key(std::string_view key) {
  std::string text;
  text.reserve(64);
  text += key;
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return crypto::to_base64(crypto::sha1(text));
}

UpgradeDecision decide_upgrade(const UpgradeRequest& request) {
  if (!has_token(request.upgrade, "websocket")) {
    if (request.key.empty()) return {};
    return refuse(
        426,
        "Sec-WebSocket-Key without \"Upgrade: websocket\"; does a proxy in front drop the Upgrade header? Upgrade: " +
            quoted(request.upgrade),
        kUpgradeRequired);
  }
  if (request.method != "GET") {
    return refuse(405, "a WebSocket handshake is a GET request, not " + quoted(request.method), kAllowGet);
  }
  if (request.http_major < 1 || (request.http_major == 1 && request.http_minor < 1)) {
    return refuse(400, "a WebSocket handshake needs HTTP/1.1, not HTTP/" + std::to_string(request.http_major) + "." +
                           std::to_string(request.http_minor));
  }
  if (!has_token(request.connection, "upgrade")) {
    return refuse(400, "expected \"Connection: Upgrade\", got " + quoted(request.connection) +
                           "; does a proxy in front drop it?");
  }
  if (trim(request.version) != kVersion) {
    return refuse(426, "expected Sec-WebSocket-Version 13, got " + quoted(request.version), kUpgradeRequired);
  }
  const std::string_view key = trim(request.key);
  if (!is_key(key)) return refuse(400, "expected Sec-WebSocket-Key of 16 bytes in base64, got " + quoted(request.key));
  // Source: RFC 6455 section 9.1. Extensions that we do not know, or not so, are declined without a word.
  if (!request.extensions.empty() && !parse_extensions(request.extensions)) {
    return refuse(400,
                  "expected Sec-WebSocket-Extensions such as \"permessage-deflate; client_max_window_bits\", got " +
                      quoted(request.extensions));
  }

  UpgradeDecision decision;
  decision.verdict = UpgradeVerdict::kAccepted;
  decision.accept = accept_for_key(key);
  if (has_exact_token(request.protocols, kPusherSubprotocol)) decision.subprotocol = kPusherSubprotocol;
  return decision;
}

std::string switching_protocols_response(const UpgradeDecision& decision, std::span<const HeaderField> more_headers) {
  FANFARE_ASSERT(decision.verdict == UpgradeVerdict::kAccepted);
  std::string text;
  text.reserve(256);
  text += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
  const auto add = [&text](std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
  };
  add("Sec-WebSocket-Accept", decision.accept);
  if (!decision.subprotocol.empty()) add("Sec-WebSocket-Protocol", decision.subprotocol);
  for (const HeaderField& field : more_headers) add(field.name, field.value);
  return text += "\r\n";
}

}  // namespace fanfare::ws
