// ApiConnection: a keep-alive HTTP connection of the load, with one request at a time, as server SDKs have it.
//
// Thread: its PollLoop's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "bench/poll_loop.h"
#include "bench/shown_text.h"
#include "bench/target.h"
#include "net/unique_fd.h"

namespace fanfare::bench {

class ApiConnection;

class ApiHandler {
 public:
  // The request was answered, or the connection was lost (status 0) and made anew. The connection is idle.
  virtual void on_answer(ApiConnection& connection, int status, Nanoseconds received) = 0;

 protected:
  ~ApiHandler() = default;
};

class ApiConnection final : private Pollable {
 public:
  ApiConnection(PollLoop& loop, const BenchTarget& target, ApiHandler& handler, std::uint32_t index)
      : loop_(loop), target_(target), handler_(handler), index_(index) {}
  ApiConnection(const ApiConnection&) = delete;
  ApiConnection& operator=(const ApiConnection&) = delete;

  Status connect_blocking();
  // REQUIRES: is_idle().
  void send(std::string_view request);

  bool is_idle() const noexcept { return !is_waiting_; }
  bool is_connected() const noexcept { return static_cast<bool>(socket_); }
  std::uint32_t index() const noexcept { return index_; }
  // How often it was made anew: by soketi for each request, which ends every connection behind its answer.
  std::uint64_t reconnects() const noexcept { return reconnects_; }
  // What the last refusal said, its status line and body, as shown_answer(); empty: none was refused.
  std::string last_refusal() const { return shown_answer(last_refusal_); }

 private:
  void on_ready(std::uint32_t events) override;
  void flush();
  void receive();
  void on_lost();
  void reconnect();

  PollLoop& loop_;
  const BenchTarget& target_;
  ApiHandler& handler_;
  std::string unsent_;
  std::string received_;
  std::string last_refusal_;
  net::UniqueFd socket_;
  std::uint64_t reconnects_ = 0;
  std::uint32_t index_;
  bool is_waiting_ = false;
};

// A response at the front of `received`. bytes 0: it is not complete; status 0: it is no response that can be read,
// one whose end only a close would tell for instance.
struct ApiAnswer {
  int status = 0;
  std::size_t bytes = 0;
  bool closes = false;  // the server said that it ends the connection behind it
};
ApiAnswer read_answer(std::string_view received);

}  // namespace fanfare::bench
