// Client: one WebSocket connection of the load, from connect to close. It does what the protocol asks of a client and
// keeps its receiving as cheap as it can be.
//
// Thread: its PollLoop's.
// Cost:   an event is one look into a frame where it lies (see StampFinder). An idle client has no buffer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/random.h"
#include "bench/poll_loop.h"
#include "bench/stamp.h"
#include "bench/target.h"
#include "net/unique_fd.h"
#include "pusher/app_keys.h"
#include "ws/client_handshake.h"
#include "ws/opcode.h"

namespace fanfare::bench {

class Client;

// What happens to clients. Any of these may call the client's verbs.
class ClientHandler {
 public:
  // The server greeted; the client may subscribe.
  virtual void on_established(Client& client) = 0;
  // `payload` is the whole message, which has the roster of a presence channel.
  virtual void on_subscribed(Client& client, std::string_view payload) = 0;
  // A message that carries a stamp, once the client is subscribed.
  virtual void on_event(Client& client, const Stamp& stamp, Nanoseconds received) = 0;
  // The server sent a pusher:error to a subscribed client: it refused a client event, most likely.
  virtual void on_refused(Client& client, std::string_view payload) = 0;
  // It could not connect or subscribe, or the server ended it; it is closed.
  virtual void on_closed(Client& client, const std::string& why) = 0;

 protected:
  ~ClientHandler() = default;
};

// What all clients of a run share.
struct ClientContext {
  ClientContext(PollLoop& poll_loop, const BenchTarget& bench_target, ClientHandler& client_handler);

  PollLoop& loop;
  const BenchTarget& target;
  ClientHandler& handler;
  pusher::AppKey key;
  std::string path;  // "/app/key?protocol=7&…"
  StampFinder finder;
  SeededRandom random{0};  // nonces and masks: they protect nothing here
};

class Client final : private Pollable {
 public:
  enum class State : std::uint8_t {
    kClosed,
    kConnecting,
    kUpgrading,
    kEstablishing,
    kEstablished,
    kSubscribing,
    kSubscribed,
    kLeaving
  };

  Client(ClientContext& context, std::uint32_t index) : context_(context), index_(index) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Begins to connect. Every outcome comes later, by the handler. REQUIRES: it is closed.
  void open();
  // Asks for a channel, with a signature where its kind needs one. `channel_data`: of a presence channel, JSON.
  void subscribe(std::string_view channel, std::string_view channel_data = {});
  void send_event(std::string_view event, std::string_view channel, std::string_view data);
  void send_ping() { send_text(R"({"event":"pusher:ping","data":{}})"); }
  // Says goodbye and waits for the server's end, which on_closed() tells.
  void leave();
  // At once, without on_closed().
  void close() noexcept;

  State state() const noexcept { return state_; }
  bool is_subscribed() const noexcept { return state_ == State::kSubscribed; }
  std::uint32_t index() const noexcept { return index_; }
  Nanoseconds opened_at() const noexcept { return opened_at_; }

 private:
  void on_ready(std::uint32_t events) override;
  void finish_connect();
  void receive();
  // Returns how many of the bytes it has used up.
  std::size_t take(ByteView bytes, Nanoseconds received);
  std::size_t take_handshake(ByteView bytes);
  void on_frame(ws::Opcode opcode, std::string_view payload, Nanoseconds received);
  void on_text(std::string_view payload, Nanoseconds received);
  void on_greeting(std::string_view payload);
  void send_text(std::string_view text);
  void send_frame(ws::Opcode opcode, std::string_view payload);
  void send_bytes(std::string_view bytes);
  void flush();
  void fail(const std::string& why);

  ClientContext& context_;
  std::unique_ptr<ws::ClientHandshake> handshake_;  // only until it is done
  std::string received_;                            // of an incomplete frame
  std::string unsent_;                              // what the kernel did not take
  std::string socket_id_;
  Nanoseconds opened_at_ = 0;
  net::UniqueFd socket_;
  std::uint32_t index_;
  State state_ = State::kClosed;
};

}  // namespace fanfare::bench
