// FallbackClient: a blocking client of the HTTP fallbacks that speaks Pusher Channels protocol 7, as pusher-js does
// where it finds no WebSocket: one connection that receives, one that sends.
//
// Thread: one at a time.
// Fails:  throws Timeout when what it waits for does not come, std::runtime_error when the answer ends before.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/http_client.h"
#include "support/pusher_commands.h"
#include "support/test_app.h"
#include "support/test_socket.h"

namespace fanfare::test {

enum class FallbackKind : std::uint8_t { kStreaming, kPolling };

struct FallbackClosed {
  int code = 0;
  std::string reason;
  std::vector<std::string> texts;  // what came before
};

class FallbackClient {
 public:
  // Connects, and waits for connection_established. `session`: "417/abc"; empty: one of its own.
  FallbackClient(std::uint16_t port, TestApp app, FallbackKind kind = FallbackKind::kStreaming,
                 std::string session = {}, int receive_buffer = 0);

  const std::string& socket_id() const noexcept { return socket_id_; }
  std::string path(std::string_view endpoint) const;
  // Opened, before the greeting was read.
  static std::string unique_session();

  // The next message; heartbeats are passed over. Throws when the session is closed instead.
  std::string next_text();
  // The next line, without its line feed: "a[…]", "h", "c[…]". The prelude is passed over.
  std::string next_line();
  FallbackClosed wait_closed();

  // One xhr_send. Returns its status.
  int send_body(std::string_view body);
  void send_text(std::string_view message);
  void subscribe(std::string_view channel, std::optional<std::string_view> channel_data = std::nullopt) {
    send_text(subscribe_command(app_, socket_id_, channel, channel_data));
  }
  std::string subscribe_and_wait(std::string_view channel,
                                 std::optional<std::string_view> channel_data = std::nullopt) {
    subscribe(channel, channel_data);
    return next_text();
  }
  // Empty: nothing came before the answer to a ping that is sent now; else what did.
  std::string unexpected();

  // Gives the receiving request up, with what of it was not looked at, and the connection.
  void stop_receiving() { receiver_.reset(); }
  // Asks anew, on a new connection. Lines that were received and not looked at stay.
  void receive_again();
  // Characters of the stream's body so far, as pusher-js counts them where all is ASCII.
  std::size_t stream_size() const noexcept { return body_size_; }
  // Whether all that was received so far has been looked at.
  bool is_at_line_end() const noexcept { return lines_.empty() && text_.empty() && unread_.empty(); }
  // Whether the answer ended; a stream's end is the session's end to pusher-js.
  bool has_ended() const noexcept { return is_whole_; }
  HttpClient& sender() noexcept { return sender_; }
  TestSocket& receiver() noexcept { return *receiver_; }

 private:
  void ask();
  void receive_more();
  void take_body();
  void take_lines();

  std::uint16_t port_;
  TestApp app_;
  FallbackKind kind_;
  std::string session_;
  int receive_buffer_;
  HttpClient sender_;
  std::unique_ptr<TestSocket> receiver_;
  std::string unread_;  // as it came
  std::string text_;    // of the body: what is no whole line yet
  std::deque<std::string> lines_;
  bool has_head_ = false;
  bool is_chunked_ = false;
  bool is_whole_ = false;
  bool is_open_ = false;
  std::size_t left_ = 0;  // of a body of known length
  std::size_t body_size_ = 0;
  std::string socket_id_;
};

}  // namespace fanfare::test
