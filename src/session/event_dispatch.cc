#include "session/event_dispatch.h"

#include <variant>

#include "base/scratch.h"
#include "pusher/inbound_event.h"
#include "pusher/outbound_event.h"
#include "session/client_event_handler.h"
#include "session/session.h"
#include "session/signin_handler.h"
#include "session/subscribe_handler.h"

namespace fanfare::session {

namespace {

class Dispatcher {
 public:
  explicit Dispatcher(Session& session) : session_(session) {}

  void operator()(const pusher::SubscribeCommand& command) const { handle_subscribe(session_, command); }
  void operator()(const pusher::UnsubscribeCommand& command) const { handle_unsubscribe(session_, command); }
  void operator()(const pusher::SigninCommand& command) const { handle_signin(session_, command); }
  void operator()(const pusher::ClientEvent& event) const { handle_client_event(session_, event); }
  void operator()(const pusher::PingCommand&) const {
    std::string& text = scratch();
    pusher::append_pong(text);
    session_.send_text(text);
  }
  // That it came is all that a pong says.
  void operator()(const pusher::PongCommand&) const {}
  void operator()(const pusher::UnknownEvent& event) const {
    session_.send_error(pusher::unsupported_event_message(event.event));
  }

 private:
  Session& session_;
};

}  // namespace

void dispatch_message(Session& session, std::string_view message) {
  const Result<pusher::InboundEvent> event = pusher::decode_inbound_event(message);
  if (!event.ok()) return session.send_error(event.error().message);
  std::visit(Dispatcher(session), *event);
}

}  // namespace fanfare::session
