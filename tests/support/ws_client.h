// WsClient: a blocking WebSocket client on the client role of src/ws, for tests.
//
// Thread: one at a time.
// Fails:  throws Timeout when what it waits for does not come, std::runtime_error when the connection ends before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "deflate/deflater.h"
#include "deflate/inflater.h"
#include "support/test_socket.h"
#include "ws/client_handshake.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::test {

struct WsOptions {
  std::string subprotocol{};
  std::string extensions{};  // offered; where the server takes permessage-deflate, so does the client
  std::vector<ws::HeaderField> headers{};
  int receive_buffer = 0;
  bool answers_pings = true;
};

// What a server said.
struct WsReceived {
  enum class Kind : std::uint8_t { kText, kBinary, kPing, kPong, kClose, kEnd };  // kEnd: of the TCP connection
  Kind kind = Kind::kEnd;
  std::string payload;     // of kClose: the reason
  std::uint16_t code = 0;  // of kClose
};

struct WsClosed {
  std::uint16_t code = 0;  // 0: the connection ended without a close frame
  std::string reason;
  std::vector<std::string> texts;  // what came before
};

class WsClient : private ws::MessageHandler {
 public:
  // Connects and shakes hands. Fails: runtime_error with the status when the server does not upgrade.
  WsClient(std::uint16_t port, const std::string& target, const WsOptions& options = {});
  virtual ~WsClient() = default;
  WsClient(const WsClient&) = delete;
  WsClient& operator=(const WsClient&) = delete;

  // The answer to the upgrade, up to its empty line.
  const std::string& response_head() const noexcept { return response_head_; }

  void send_text(std::string_view text) { send_frame({}, text); }
  void send_frame(ws::FrameKind kind, std::string_view payload);
  // A text message, deflated as was agreed.
  void send_deflated(std::string_view text);
  // How many messages came deflated.
  std::size_t inflated() const noexcept { return inflated_; }
  static std::string frame(ws::FrameKind kind, std::string_view payload);
  TestSocket& socket() noexcept { return socket_; }

  // The next of anything; pings are answered before they are returned.
  WsReceived next();
  // The next text message; control frames are passed over. Throws when the connection closes instead.
  std::string next_text();
  // Reads until the server has closed the connection.
  WsClosed wait_closed();
  // Closing handshake from this side, up to the end of the connection.
  WsClosed close(std::uint16_t code = 1000);

 private:
  bool on_message(const ws::Message& message) override;
  bool on_ping(ByteView payload) override;
  bool on_pong(ByteView payload) override;
  void on_close(ws::CloseCode code, std::string_view reason) override;
  void on_protocol_error(ws::CloseCode code, std::string_view reason) override;
  deflate::MessageInflater* inflater() noexcept override;

  void shake_hands(const std::string& target, const WsOptions& options);
  void start_deflating();
  void feed(std::string& bytes);

  TestSocket socket_;
  ws::MessageAssembler assembler_;
  std::string response_head_;
  std::deque<WsReceived> received_;
  bool answers_pings_;

  // With permessage-deflate.
  deflate::Inflater inflating_;
  deflate::Deflater deflater_{6};
  std::unique_ptr<deflate::MessageInflater> inflater_;
  std::unique_ptr<deflate::History> sent_;
  std::size_t inflated_ = 0;
};

}  // namespace fanfare::test
