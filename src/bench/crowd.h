// Crowd: the clients of a scenario, brought up with a bounded number of connections under way at a time.
//
// Thread: one.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/client.h"
#include "bench/options.h"

namespace fanfare::bench {

class Crowd : protected ClientHandler {
 public:
  // Raises the limit of open files to what `count` clients need. Fails: StartupError where that may not be.
  Crowd(const BenchTarget& target, std::uint32_t count, std::uint32_t window);
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;
  virtual ~Crowd() = default;

 protected:
  struct Place {
    std::string channel{};  // empty: it stays without one
    std::string member{};   // of a presence channel: the channel_data
  };
  // Where the client of that number subscribes.
  virtual Place place_of(std::uint32_t client) const = 0;

  // Opens the clients [begin, end) and returns when all are subscribed (or established, where they have no channel).
  // Fails: kUnavailable, with the first client's reason, when one of them could not; or when nothing went on for ten
  //        seconds; or when it was stopped.
  Status open(std::uint32_t begin, std::uint32_t end, const BenchOptions& options, const Progress& progress);
  // The same in steps, for those who do more than that: begin, and later wait.
  void begin_opening(std::uint32_t begin, std::uint32_t end);
  bool is_opening() const noexcept { return ready_ < opening_end_ && failure_.empty(); }
  Status opening_status() const;
  // Pings a few clients, so that each says something about every minute, as servers want it.
  void keep_alive();

  PollLoop& loop() noexcept { return loop_; }
  Client& client(std::uint32_t index) { return *clients_[index]; }
  std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(clients_.size()); }
  // Of clients that were subscribed: how many connections the server ended, and the first one's reason.
  std::uint64_t ended() const noexcept { return ended_; }
  const std::string& first_ending() const noexcept { return first_ending_; }

  void on_established(Client& client) override;
  void on_subscribed(Client& client, std::string_view payload) override;
  void on_event(Client& client, const Stamp& stamp, Nanoseconds received) override = 0;
  void on_refused(Client& client, std::string_view payload) override;
  void on_closed(Client& client, const std::string& why) override;

 private:
  void on_ready();
  void open_next();

  PollLoop loop_;
  ClientContext context_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::uint32_t window_;
  std::uint32_t opened_ = 0;  // of those to be opened; ready_ of them are subscribed
  std::uint32_t ready_ = 0;
  std::uint32_t opening_end_ = 0;
  std::uint64_t ended_ = 0;
  std::string failure_;
  std::string first_ending_;
  std::uint32_t next_ping_ = 0;
  Nanoseconds last_ping_ = 0;
};

}  // namespace fanfare::bench
