// ListenSession: the client's side of protocol 7 on one connection: signs in, subscribes, answers pings. Pure.
// Source: REF 1.5, 1.6, 3, 6.1
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/event_line.h"
#include "cli/listen_plan.h"
#include "json/json_reader.h"
#include "pusher/app_keys.h"

namespace fanfare::cli {

// What a message led to.
struct ListenStep {
  std::vector<std::string> to_send;    // text messages, in this order
  std::optional<ReceivedEvent> event;  // to be shown
  std::string note;                    // for people, beside the events; printable; empty: none
  bool is_hopeless = false;            // nothing will ever come: the note says why
};

class ListenSession {
 public:
  // `plan` is a prepared one; `key` signs, null: there is no secret. Both outlive the session.
  ListenSession(const ListenPlan& plan, const pusher::AppKey* key) : plan_(plan), key_(key) {}

  // Takes a text message of the server. What is no event of the protocol is noted and skipped.
  ListenStep on_text(std::string_view message);

  static std::string ping_text() { return R"({"event":"pusher:ping","data":{}})"; }

  bool is_established() const noexcept { return !socket_id_.empty(); }
  // How long the server may be silent before it is pinged.
  std::chrono::seconds activity_timeout() const noexcept { return activity_timeout_; }

 private:
  ListenStep on_event(ReceivedEvent event);
  ListenStep on_established(const std::string& data);
  ListenStep on_error(const std::string& data);
  ListenStep on_subscribed(const ReceivedEvent& event);
  std::string signin_text() const;
  std::string subscribe_text(const std::string& channel) const;
  void subscribe_all(ListenStep& step) const;

  const ListenPlan& plan_;
  const pusher::AppKey* key_;
  json::Reader message_;
  json::Reader data_;
  std::string socket_id_;
  std::chrono::seconds activity_timeout_{120};
  bool is_signing_in_ = false;
  std::size_t subscribed_ = 0;
  std::size_t refused_ = 0;
};

}  // namespace fanfare::cli
