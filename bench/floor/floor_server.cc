#include "floor_server.h"

#include <algorithm>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "message.h"

namespace fanfare::floor {

namespace {

constexpr std::size_t kUnreadMax = 256 * kKiB;
constexpr std::chrono::milliseconds kWaitMax{200};
constexpr std::uint8_t kTextOpcode = 1;
constexpr std::uint8_t kCloseOpcode = 8;

}  // namespace

FloorServer::FloorServer(std::unique_ptr<Sender> sender, std::size_t frames_a_write,
                         std::optional<SignatureCheck> signature)
    : sender_(std::move(sender)), frames_a_write_(frames_a_write), signature_(std::move(signature)) {}

void FloorServer::run(std::unique_ptr<Input> input) {
  input_ = std::move(input);
  constexpr int kForever = -1;
  for (int wait_ms = kForever;;) {
    input_->turn(wait_ms);
    wait_ms = waiting_rooms_.empty() ? kForever : write_overdue();
  }
}

Connection& FloorServer::on_accepted(net::UniqueFd socket) {
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  auto connection = std::make_unique<Connection>();
  connection->socket = std::move(socket);
  Connection& made = *connection;
  connections_.emplace(&made, std::move(connection));
  return made;
}

void FloorServer::on_bytes(Connection& connection, MutableBytes bytes) {
  if (connection.received.empty()) {
    const std::size_t used = take(connection, bytes);
    if (connection.socket) connection.received.assign(as_text(bytes.subspan(used)));
    return;
  }
  if (connection.received.size() + bytes.size() > kUnreadMax) return close(connection);
  std::string held = std::exchange(connection.received, {});
  held += as_text(bytes);
  const std::size_t used = take(connection, {reinterpret_cast<std::uint8_t*>(held.data()), held.size()});
  if (connection.socket) connection.received.assign(held, used);
}

std::size_t FloorServer::take(Connection& connection, MutableBytes bytes) {
  const std::string_view text = as_text(bytes);
  if (connection.kind == Connection::Kind::kUnknown) {
    connection.kind = text.starts_with("P") ? Connection::Kind::kHttp : Connection::Kind::kUnknown;
  }
  if (connection.kind == Connection::Kind::kHttp) return take_requests(connection, text);
  if (connection.kind == Connection::Kind::kWebSocket) return take_frames(connection, bytes);
  const std::size_t request = request_bytes(text);
  if (request == 0) return 0;
  connection.kind = Connection::Kind::kWebSocket;
  send_or_keep(connection, upgrade_answer());
  return request + take_frames(connection, bytes.subspan(request));
}

std::size_t FloorServer::take_requests(Connection& connection, std::string_view bytes) {
  std::size_t used = 0;
  while (const std::size_t size = request_bytes(bytes.substr(used))) {
    const std::string_view request = bytes.substr(used, size);
    const bool is_taken = !signature_ || signature_->holds(request);
    if (is_taken) publish(request);
    send_or_keep(connection, is_taken ? publish_answer() : refusal_answer());
    used += size;
  }
  watch_backlog(connection);
  return used;
}

std::size_t FloorServer::take_frames(Connection& connection, MutableBytes bytes) {
  std::size_t used = 0;
  while (connection.socket) {
    const ClientFrame frame = client_frame(bytes.subspan(used));
    if (frame.bytes == 0) break;
    used += frame.bytes;
    if (frame.opcode == kCloseOpcode) {
      close(connection);
    } else if (frame.opcode == kTextOpcode) {
      on_message(connection, frame.payload);
    }
  }
  return used;
}

void FloorServer::on_message(Connection& connection, std::string_view payload) {
  if (payload.find("client-bench") != std::string_view::npos) {
    if (connection.room < 0) return;
    const Members& members = rooms_[connection.room].members;
    sender_->send_to_all(members, text_frame(payload), &connection);
    return watch_backlogs(members);
  }
  if (payload.find("pusher:subscribe") != std::string_view::npos) {
    join(connection, room_in(payload));
    send_or_keep(connection, subscribed_frame());
  } else if (payload.find("pusher:ping") != std::string_view::npos) {
    send_or_keep(connection, pong_frame());
  }
  watch_backlog(connection);
}

void FloorServer::publish(std::string_view body) {
  const std::int64_t number = room_in(body);
  const auto found = rooms_.find(number);
  if (found == rooms_.end() || found->second.members.empty()) return;
  Room& room = found->second;
  room.frames += event_frame(body, number);
  if (++room.waiting >= frames_a_write_) return write(room);
  if (room.waiting == 1) {
    room.since = Clock::now();
    waiting_rooms_.push_back(number);
  }
}

void FloorServer::write(Room& room) {
  sender_->send_to_all(room.members, room.frames, nullptr);
  room.frames.clear();
  room.waiting = 0;
  watch_backlogs(room.members);
}

int FloorServer::write_overdue() {
  const Clock::time_point overdue = Clock::now() - kWaitMax;
  Clock::duration left = kWaitMax;
  std::erase_if(waiting_rooms_, [&](std::int64_t number) {
    Room& room = rooms_[number];
    if (room.waiting != 0 && room.since > overdue) {
      left = std::min(left, room.since - overdue);
      return false;
    }
    if (room.waiting != 0) write(room);
    return true;
  });
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
}

void FloorServer::join(Connection& connection, std::int64_t number) {
  if (number < 0 || connection.room >= 0) return;
  Members& members = rooms_[number].members;
  connection.room = number;
  connection.place = members.size();
  members.push_back(&connection);
}

void FloorServer::leave(Connection& connection) {
  if (connection.room < 0) return;
  Members& members = rooms_[connection.room].members;
  members[connection.place] = members.back();
  members[connection.place]->place = connection.place;
  members.pop_back();
  connection.room = -1;
}

void FloorServer::on_writable(Connection& connection) {
  connection.is_waiting = false;
  const std::string_view backlog = connection.backlog;
  const ssize_t sent = ::send(connection.socket.get(), backlog.data(), backlog.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) connection.backlog.erase(0, static_cast<std::size_t>(sent));
  watch_backlog(connection);
}

void FloorServer::watch_backlogs(const Members& members) {
  for (Connection* member : members) watch_backlog(*member);
}

void FloorServer::watch_backlog(Connection& connection) {
  if (connection.backlog.empty() || connection.is_waiting) return;
  connection.is_waiting = true;
  input_->tell_writable(connection);
}

void FloorServer::close(Connection& connection) {
  leave(connection);
  input_->close(connection);
}

}  // namespace fanfare::floor
