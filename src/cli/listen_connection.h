// ListenConnection: a client's WebSocket over a blocking socket, for a program that has nothing else to do.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "cli/stop_signal.h"
#include "cli/target.h"
#include "net/unique_fd.h"
#include "ws/client_handshake.h"
#include "ws/frame_encoder.h"
#include "ws/message_assembler.h"

namespace fanfare::cli {

// Thread: one.
class ListenConnection final : private ws::MessageHandler {
 public:
  enum class Wake : std::uint8_t { kReceived, kTimeUp, kStopped, kEnded };

  // How the server ended it. Code 0: without a close frame.
  struct Ending {
    std::uint16_t code = 0;
    std::string reason;
  };

  // Looks the host up, connects and shakes hands, within ten seconds or so.
  // Fails: kUnavailable or kIo when nobody is there, kInvalid when the server is no WebSocket server.
  static Result<std::unique_ptr<ListenConnection>> open_blocking(const Target& target,
                                                                 const std::string& request_target);

  // Waits for messages, the end, `deadline` or a stop. Pings of the WebSocket layer are answered on the way.
  Wake wait_until(MonotonicTime deadline, const StopSignal& stop);
  // The text messages since the last call, in their order.
  std::vector<std::string> take_messages() { return std::exchange(messages_, {}); }
  const Ending& ending() const noexcept { return ending_; }

  // Blocks for as long as the kernel's buffer is full, at most ten seconds. False: the connection broke.
  bool send_text_blocking(std::string_view text);
  // Says goodbye (1000); what comes afterwards is not read.
  void close();

 private:
  explicit ListenConnection(net::UniqueFd socket);

  Status shake_hands(const Target& target, const std::string& request_target);
  bool send_frame(ws::Opcode opcode, ByteView payload);
  bool send_all(std::string_view bytes);
  Wake receive();
  Wake feed(MutableBytes bytes, std::size_t spare);

  bool on_message(const ws::Message& message) override;
  bool on_ping(ByteView payload) override;
  bool on_pong(ByteView payload) override;
  void on_close(ws::CloseCode code, std::string_view reason) override;
  void on_protocol_error(ws::CloseCode code, std::string_view reason) override;

  net::UniqueFd socket_;
  ws::MessageAssembler assembler_;
  std::vector<std::uint8_t> buffer_;
  std::vector<std::string> messages_;
  Ending ending_;
  std::string early_;  // frames that came together with the handshake's answer
};

}  // namespace fanfare::cli
