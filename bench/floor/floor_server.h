// FloorServer: what no server of this protocol can do without, and nothing more: accept, read, write ready bytes.
//
// It keeps no time, answers every request alike, and checks nothing but, where it is asked to, what signs a publish.
// Rooms are told by the digits in the load generator's channel names, so that the same commands of `fanfare bench`
// measure it and a real server.
//
// Thread: one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"
#include "connection.h"
#include "input.h"
#include "net/unique_fd.h"
#include "sender.h"
#include "signature.h"

namespace fanfare::floor {

class FloorServer final : public InputHandler {
 public:
  // `frames_a_write`: so many events of a room wait for one another, at most 200 ms, and are written together.
  // `signature`: requests that it does not hold for are refused.
  FloorServer(std::unique_ptr<Sender> sender, std::size_t frames_a_write, std::optional<SignatureCheck> signature);

  // `input` tells this server.
  [[noreturn]] void run(std::unique_ptr<Input> input);

  // InputHandler
  Connection& on_accepted(net::UniqueFd socket) override;
  void on_bytes(Connection& connection, MutableBytes bytes) override;
  void on_end(Connection& connection) override { close(connection); }
  void on_writable(Connection& connection) override;
  void on_released(Connection& connection) override { connections_.erase(&connection); }

 private:
  using Clock = std::chrono::steady_clock;

  struct Room {
    Members members;
    std::string frames;  // that wait for more
    std::size_t waiting = 0;
    Clock::time_point since{};
  };

  // Each returns the bytes that it has used up.
  std::size_t take(Connection& connection, MutableBytes bytes);
  std::size_t take_requests(Connection& connection, std::string_view bytes);
  std::size_t take_frames(Connection& connection, MutableBytes bytes);
  void on_message(Connection& connection, std::string_view payload);
  void publish(std::string_view body);
  void write(Room& room);
  // Returns the milliseconds until the next room's frames have waited long enough.
  int write_overdue();
  void join(Connection& connection, std::int64_t number);
  void leave(Connection& connection);
  void watch_backlogs(const Members& members);
  void watch_backlog(Connection& connection);
  void close(Connection& connection);

  std::unique_ptr<Input> input_;
  std::unique_ptr<Sender> sender_;
  std::size_t frames_a_write_;
  std::optional<SignatureCheck> signature_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::int64_t, Room> rooms_;
  std::vector<std::int64_t> waiting_rooms_;  // whose frames wait for more
};

}  // namespace fanfare::floor
