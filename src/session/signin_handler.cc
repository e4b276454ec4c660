#include "session/signin_handler.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/scratch.h"
#include "pusher/channel_name.h"
#include "pusher/outbound_event.h"
#include "pusher/user_auth.h"
#include "session/access_check.h"
#include "session/session.h"
#include "session/subscribe_handler.h"

namespace fanfare::session {

namespace {

core::ChannelRef user_channel(const Session& session, std::string_view user_id) {
  const std::string name = pusher::server_to_user_channel(user_id);
  return core::make_channel_ref(core::ChannelView(session.app().index, name));
}

// The user's home is that of its own channel, which the session joins unseen: so the user is online, can be terminated,
// and gets its events even before the client subscribes. Source: REF 6.5
void join_own_channel(Session& session, std::string_view user_id) {
  const std::string name = pusher::server_to_user_channel(user_id);
  const core::ChannelView channel(session.app().index, name);
  (void)session.context().core.subscriptions().subscribe(session, session.app_ref(), channel, nullptr, true);
}

void send_watchlist(Session& session, const std::vector<std::string>& online, const std::vector<std::string>& offline) {
  std::string& text = scratch();
  pusher::append_watchlist_events(text, std::span<const std::string>(online), std::span<const std::string>(offline));
  session.send_text(text);
}

void start_watching(Session& session, UserState& user, const std::vector<std::string>& watchlist) {
  ++user.watch_attempt;
  user.online.clear();
  user.offline.clear();
  user.answers_missing = watchlist.size();
  user.watched.reserve(watchlist.size());
  for (const std::string& id : watchlist) user.watched.push_back(user_channel(session, id));
  const core::LoopLink& link = session.context().core.link();
  // By index: the answer of a user homed on this loop comes before send() returns.
  for (std::size_t i = 0; i < user.watched.size(); ++i) {
    const core::ChannelRef watched = user.watched[i];
    link.send(link.loops().home_of(watched->hash()), core::Watch{watched, session.ref(), user.watch_attempt});
  }
}

}  // namespace

void handle_signin(Session& session, const pusher::SigninCommand& command) {
  const core::App& app = session.app();
  const pusher::SocketIdText socket_id(session.ref().socket_id());
  const auto signer = pusher::verify_user_auth(app.keys, socket_id.view(), command);
  if (!signer.ok()) return session.send_error(signer.error().message);
  const pusher::UserDataLimits limits{app.limits.presence_user_id_chars, app.limits.presence_user_info_bytes,
                                      app.limits.watchlist_users};
  const std::string user_data(command.user_data);  // parsing may reuse what the command's views point to
  Result<pusher::UserData> data = pusher::parse_user_data(user_data, limits);
  if (!data.ok()) return session.send_error(data.error().message);

  UserState* user = session.user();
  if (user != nullptr && user->id != data->id) {
    return session.send_error("Already signed in as another user: a connection keeps its first identity");
  }
  const bool is_first = user == nullptr;
  if (is_first) user = &session.make_user(data->id);
  user->user_info = std::move(data->user_info);
  if (app.access != nullptr) user->role = role_in(user->user_info);
  session.context().stats.signins.add();

  std::string& text = scratch();
  pusher::append_signin_success(text, user_data);
  session.send_text(text);
  session.on_authorized();
  if (is_first) join_own_channel(session, user->id);
  settle_subscriptions(session, session.take_held_subscriptions());

  stop_watching(session, *user);
  if (!app.switches.watchlist) return;
  if (data->watchlist_over_limit) {
    session.send_error(pusher::ErrorCode::kWatchlistLimit, "Watchlist limit exceeded: only the first " +
                                                               std::to_string(app.limits.watchlist_users) +
                                                               " user ids are watched");
  }
  start_watching(session, *user, data->watchlist);
}

void announce_watched(Session& session, UserState& user, const core::WatchNotice& notice) {
  const std::string id(pusher::server_to_user_id(notice.user->text()));
  if (notice.attempt != 0) {
    if (notice.attempt != user.watch_attempt || user.answers_missing == 0) return;
    (notice.online ? user.online : user.offline).push_back(id);
    if (--user.answers_missing != 0) return;
    send_watchlist(session, std::exchange(user.online, {}), std::exchange(user.offline, {}));
    return;
  }
  // A change may have been on its way when the client gave another list.
  if (std::none_of(user.watched.begin(), user.watched.end(),
                   [&](const core::ChannelRef& watched) { return watched->text() == notice.user->text(); })) {
    return;
  }
  if (user.answers_missing != 0) {
    // A change overtakes the first message that is still being gathered: it goes out with it.
    if (std::erase(user.online, id) + std::erase(user.offline, id) != 0) {
      (notice.online ? user.online : user.offline).push_back(id);
    }
    return;
  }
  if (notice.online) {
    send_watchlist(session, {id}, {});
  } else {
    send_watchlist(session, {}, {id});
  }
}

void stop_watching(Session& session, UserState& user) {
  const core::LoopLink& link = session.context().core.link();
  for (const core::ChannelRef& watched : std::exchange(user.watched, {})) {
    link.send(link.loops().home_of(watched->hash()), core::Unwatch{watched, session.ref()});
  }
}

}  // namespace fanfare::session
