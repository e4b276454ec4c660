// A MessageHandler that writes down what it is told, for tests and fuzz targets that compare whole histories.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "ws/message_assembler.h"

namespace fanfare::test {

class WsRecorder final : public ws::MessageHandler {
 public:
  std::vector<std::string> events;  // "text:hello", "ping:", "close:1000:bye", "error:1002:reserved opcode" …
  std::size_t stop_after = std::numeric_limits<std::size_t>::max();  // say false at this many events
  const std::uint8_t* last_message_data = nullptr;
  std::size_t last_spare = 0;
  deflate::MessageInflater* inflates_with = nullptr;

  [[nodiscard]] bool on_message(const ws::Message& message) override {
    last_message_data = message.bytes.data();
    last_spare = message.spare;
    // Reads all that may be read and writes all that may be written, so that a sanitizer sees a wrong promise.
    std::string beyond(message.spare, '\0');
    if (message.spare != 0) std::memcpy(beyond.data(), message.bytes.data() + message.bytes.size(), message.spare);
    const bool goes_on = record((message.is_text ? "text:" : "binary:") + std::string(as_text(message.bytes)));
    for (std::uint8_t& byte : message.bytes) byte = 0xEE;
    return goes_on;
  }
  [[nodiscard]] bool on_ping(ByteView payload) override { return record("ping:" + std::string(as_text(payload))); }
  [[nodiscard]] bool on_pong(ByteView payload) override { return record("pong:" + std::string(as_text(payload))); }
  void on_close(ws::CloseCode code, std::string_view reason) override {
    static_cast<void>(record("close:" + std::to_string(ws::number(code)) + ":" + std::string(reason)));
  }
  void on_protocol_error(ws::CloseCode code, std::string_view reason) override {
    static_cast<void>(record("error:" + std::to_string(ws::number(code)) + ":" + std::string(reason)));
  }
  deflate::MessageInflater* inflater() noexcept override { return inflates_with; }

 private:
  bool record(std::string event) {
    events.push_back(std::move(event));
    return events.size() < stop_after;
  }
};

// Feeds `bytes` the way the network layer does: from a writable buffer of its own with spare bytes behind.
inline ws::FeedOutcome feed_copy(ws::MessageAssembler& assembler, ByteView bytes, ws::MessageHandler& handler) {
  const std::unique_ptr<std::uint8_t[]> buffer(new std::uint8_t[bytes.size() + kSpareBytes]());
  if (!bytes.empty()) std::memcpy(buffer.get(), bytes.data(), bytes.size());
  MutableBytes input(buffer.get(), bytes.size());
  return assembler.feed(input, kSpareBytes, handler);
}

}  // namespace fanfare::test
