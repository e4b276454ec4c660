#include "message.h"

#include <charconv>

#include "ws/frame_encoder.h"
#include "ws/mask.h"

namespace fanfare::floor {

std::string_view upgrade_answer() noexcept {
  static const std::string kAnswer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n" +
      text_frame(
          R"({"event":"pusher:connection_established","data":"{\"socket_id\":\"1.1\",\"activity_timeout\":120}"})");
  return kAnswer;
}

std::string_view publish_answer() noexcept {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
}

std::string_view refusal_answer() noexcept {
  return "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\nContent-Length: 18\r\n\r\nInvalid signature\n";
}

std::string_view subscribed_frame() noexcept {
  static const std::string kFrame =
      text_frame(R"({"event":"pusher_internal:subscription_succeeded","channel":"bench-000000","data":"{}"})");
  return kFrame;
}

std::string_view pong_frame() noexcept {
  static const std::string kFrame = text_frame(R"({"event":"pusher:pong","data":"{}"})");
  return kFrame;
}

std::int64_t room_in(std::string_view text) noexcept {
  constexpr std::string_view kMark = "bench-";
  constexpr std::size_t kDigits = 6;
  const std::size_t at = text.find(kMark);
  if (at == std::string_view::npos || text.size() < at + kMark.size() + kDigits) return -1;
  const char* digits = text.data() + at + kMark.size();
  std::int64_t room = -1;
  const auto [end, error] = std::from_chars(digits, digits + kDigits, room);
  return error == std::errc() && end == digits + kDigits ? room : -1;
}

std::string event_frame(std::string_view body, std::int64_t room) {
  const std::size_t begin = body.find("~fb~");
  if (begin == std::string_view::npos) return {};
  const std::size_t end = body.find_first_of("\"\\", begin);
  std::string digits = std::to_string(room);
  digits.insert(0, 6 - std::min<std::size_t>(digits.size(), 6), '0');
  std::string payload = R"({"event":"bench","channel":"bench-)" + digits + R"(","data":")";
  payload += body.substr(begin, end == std::string_view::npos ? end : end - begin);
  payload += "\"}";
  return text_frame(payload);
}

std::string text_frame(std::string_view payload) {
  std::string frame;
  ws::append_server_frame(frame, {}, as_bytes(payload));
  return frame;
}

std::size_t request_bytes(std::string_view received) noexcept {
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t head = received.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::size_t length = 0;
  if (const std::size_t at = received.substr(0, head).find(kLength); at != std::string_view::npos) {
    std::from_chars(received.data() + at + kLength.size(), received.data() + head, length);
  }
  const std::size_t bytes = head + 4 + length;
  return bytes <= received.size() ? bytes : 0;
}

ClientFrame client_frame(MutableBytes received) noexcept {
  constexpr std::size_t kKeyBytes = 4;
  if (received.size() < 2) return {};
  std::size_t header = 2;
  std::size_t length = received[1] & 0x7FU;
  if (length >= 126) {
    header = length == 126 ? 4 : 10;
    if (received.size() < header) return {};
    length = header == 4 ? load_be16(&received[2]) : load_be64(&received[2]);
  }
  if (received.size() < header + kKeyBytes || received.size() - header - kKeyBytes < length) return {};
  const std::uint8_t* key = &received[header];
  const MutableBytes payload = received.subspan(header + kKeyBytes, length);
  ws::apply_mask(payload, {key[0], key[1], key[2], key[3]});
  return {.opcode = static_cast<std::uint8_t>(received[0] & 0x0FU),
          .payload = as_text(payload),
          .bytes = header + kKeyBytes + length};
}

}  // namespace fanfare::floor
