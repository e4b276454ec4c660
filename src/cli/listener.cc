#include "cli/listener.h"

#include <chrono>
#include <utility>

#include "base/random.h"
#include "cli/print.h"
#include "cli/terminal_text.h"

namespace fanfare::cli {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kEstablishTimeout{10};  // from the handshake to pusher:connection_established
constexpr seconds kPongTimeout{30};       // Source: REF 1.6
constexpr std::uint16_t kTlsOnly = 4000;

MonotonicTime now() { return SystemClock().monotonic(); }

}  // namespace

Listener::Listener(Target target, ListenPlan plan, std::string version, OnEvent on_event)
    : target_(std::move(target)),
      plan_(std::move(plan)),
      request_target_(connection_target(target_.key, version)),
      on_event_(std::move(on_event)),
      policy_(secure_random_u64()) {
  if (!target_.secret.empty()) key_ = std::make_unique<pusher::AppKey>(target_.key, target_.secret);
}

int Listener::run(const StopSignal& stop) {
  for (;;) {
    const auto connection = ListenConnection::open_blocking(target_, request_target_);
    established_at_.reset();
    std::uint16_t close_code = 0;
    if (connection.ok()) {
      const Outcome outcome = talk(**connection, stop);
      if (outcome != Outcome::kLost) {
        (*connection)->close();
        return outcome == Outcome::kHopeless ? kFailedStatus : 0;
      }
      note_ending(**connection);
      close_code = (*connection)->ending().code;
    } else if (!was_ever_established_) {
      return fail(Error{connection.error().kind, with_hint(connection.error())}, kFailedStatus);
    } else {
      print_note(connection.error().message);
    }
    if (const std::optional<int> status = wait_for_retry(close_code, stop)) return *status;
  }
}

Listener::Outcome Listener::talk(ListenConnection& connection, const StopSignal& stop) {
  ListenSession session(plan_, key_.get());
  last_heard_ = now();
  pinged_at_.reset();
  for (;;) {
    const ListenConnection::Wake wake = connection.wait_until(next_check(session), stop);
    if (wake == ListenConnection::Wake::kStopped) return Outcome::kStopped;
    if (wake != ListenConnection::Wake::kTimeUp) {
      last_heard_ = now();
      pinged_at_.reset();
      const Outcome outcome = handle_messages(connection, session);  // also those in front of a close frame
      if (outcome != Outcome::kLost) return outcome;
    }
    if (wake == ListenConnection::Wake::kEnded) return Outcome::kLost;
    if (!check_activity(connection, session)) return Outcome::kLost;
  }
}

// kLost here: nothing is decided, the connection goes on.
Listener::Outcome Listener::handle_messages(ListenConnection& connection, ListenSession& session) {
  for (const std::string& message : connection.take_messages()) {
    const ListenStep step = session.on_text(message);
    if (session.is_established() && !established_at_) {
      established_at_ = now();
      was_ever_established_ = true;
      policy_.on_established();
    }
    if (!step.note.empty()) print_note(step.note);
    if (step.is_hopeless) return Outcome::kHopeless;
    if (step.event && !on_event_(*step.event)) return Outcome::kEnough;
    for (const std::string& text : step.to_send) {
      if (!connection.send_text_blocking(text)) break;  // the end of the connection is about to be seen
    }
  }
  return Outcome::kLost;
}

MonotonicTime Listener::next_check(const ListenSession& session) const {
  if (!session.is_established()) return last_heard_ + kEstablishTimeout;
  return pinged_at_ ? *pinged_at_ + kPongTimeout : last_heard_ + session.activity_timeout();
}

bool Listener::check_activity(ListenConnection& connection, const ListenSession& session) {
  if (now() < next_check(session)) return true;
  if (!session.is_established()) {
    print_note("no pusher:connection_established from " + target_.address());
    return false;
  }
  if (pinged_at_) {
    print_note("no pusher:pong from " + target_.address());
    return false;
  }
  pinged_at_ = now();
  return connection.send_text_blocking(ListenSession::ping_text());
}

void Listener::note_ending(const ListenConnection& connection) const {
  const auto& [code, reason] = connection.ending();
  std::string text = "the connection to " + target_.address() + " has ended";
  if (code != 0) text += " (" + std::to_string(code) + ")";
  if (!reason.empty()) text += ": " + printable(reason);
  print_note(text);
}

std::optional<int> Listener::wait_for_retry(std::uint16_t close_code, const StopSignal& stop) {
  std::optional<milliseconds> lived;
  if (established_at_) lived = std::chrono::duration_cast<milliseconds>(now() - *established_at_);
  const std::optional<milliseconds> delay = policy_.delay_after(close_code, lived);
  if (!delay) {
    if (close_code == kTlsOnly)
      print_note("the app takes connections over TLS only, which this command does not speak");
    return kFailedStatus;
  }
  if (delay->count() != 0) print_note("connecting again in " + std::to_string(delay->count()) + " ms");
  if (stop.wait_for(*delay)) return 0;
  return std::nullopt;
}

}  // namespace fanfare::cli
