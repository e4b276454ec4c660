// Listener: keeps a connection up and hands out its events, until it has had enough or cannot go on.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.h"
#include "cli/event_line.h"
#include "cli/listen_connection.h"
#include "cli/listen_plan.h"
#include "cli/listen_session.h"
#include "cli/reconnect_policy.h"
#include "cli/stop_signal.h"
#include "cli/target.h"
#include "pusher/app_keys.h"

namespace fanfare::cli {

// Thread: one; it blocks.
class Listener {
 public:
  // False: that was enough.
  using OnEvent = std::function<bool(const ReceivedEvent&)>;

  // `plan` is a prepared one.
  Listener(Target target, ListenPlan plan, std::string version, OnEvent on_event);

  // Returns the exit status: 0 when `on_event` had enough or the user stopped it, 1 when there is no server at the
  // start, or the server says that coming back makes no sense. Reasons go to standard error.
  int run(const StopSignal& stop);

 private:
  // How a connection's time ended.
  enum class Outcome : std::uint8_t { kEnough, kStopped, kHopeless, kLost };

  Outcome talk(ListenConnection& connection, const StopSignal& stop);
  Outcome handle_messages(ListenConnection& connection, ListenSession& session);
  // Whether the server is still there: pings it when it has been silent for long.
  bool check_activity(ListenConnection& connection, const ListenSession& session);
  MonotonicTime next_check(const ListenSession& session) const;
  void note_ending(const ListenConnection& connection) const;
  // Waits until it is time to connect again. Empty: to be done; else the exit status.
  std::optional<int> wait_for_retry(std::uint16_t close_code, const StopSignal& stop);

  Target target_;
  ListenPlan plan_;
  std::string request_target_;
  OnEvent on_event_;
  std::unique_ptr<pusher::AppKey> key_;  // null: there is no secret
  ReconnectPolicy policy_;
  std::optional<MonotonicTime> established_at_;  // of the current connection
  bool was_ever_established_ = false;
  MonotonicTime last_heard_;
  std::optional<MonotonicTime> pinged_at_;
};

}  // namespace fanfare::cli
