#include "floor_server.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "message.h"

namespace fanfare::floor {

namespace {

constexpr std::size_t kReceiveBytes = 256 * kKiB;
constexpr int kBatch = 256;
constexpr std::chrono::milliseconds kWaitMax{200};
constexpr std::uint8_t kTextOpcode = 1;
constexpr std::uint8_t kCloseOpcode = 8;

void watch(int epoll, int operation, int fd, std::uint32_t events, void* subject) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = subject;
  ::epoll_ctl(epoll, operation, fd, &event);
}

}  // namespace

FloorServer::FloorServer(net::UniqueFd listening, std::unique_ptr<Sender> sender, std::size_t frames_a_write)
    : listening_(std::move(listening)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      sender_(std::move(sender)),
      frames_a_write_(frames_a_write),
      buffer_(2 * kReceiveBytes) {
  watch(epoll_.get(), EPOLL_CTL_ADD, listening_.get(), EPOLLIN, nullptr);
}

void FloorServer::run() {
  for (;;) turn();
}

void FloorServer::turn() {
  std::array<epoll_event, kBatch> events;
  const int patience = waiting_rooms_.empty() ? -1 : static_cast<int>(kWaitMax.count());
  const int count = ::epoll_wait(epoll_.get(), events.data(), kBatch, patience);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    auto* connection = static_cast<Connection*>(event.data.ptr);
    if (connection == nullptr) {
      accept_all();
      continue;
    }
    if (!connection->socket) continue;
    if ((event.events & EPOLLOUT) != 0) flush(*connection);
    if ((event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(*connection);
  }
  if (!waiting_rooms_.empty()) write_overdue();
  closed_.clear();
}

void FloorServer::accept_all() {
  for (;;) {
    net::UniqueFd accepted(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!accepted) return;
    const int on = 1;
    ::setsockopt(accepted.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    auto connection = std::make_unique<Connection>();
    connection->socket = std::move(accepted);
    watch(epoll_.get(), EPOLL_CTL_ADD, connection->socket.get(), EPOLLIN, connection.get());
    connections_.emplace(connection.get(), std::move(connection));
  }
}

void FloorServer::receive(Connection& connection) {
  const std::size_t held = connection.received.size();
  if (held + kReceiveBytes > buffer_.size()) return close(connection);
  if (held != 0) std::memcpy(buffer_.data(), connection.received.data(), held);
  const ssize_t count = ::recv(connection.socket.get(), buffer_.data() + held, kReceiveBytes, 0);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) return close(connection);
  const MutableBytes bytes = MutableBytes(buffer_).first(held + static_cast<std::size_t>(count));
  const std::size_t used = take(connection, bytes);
  if (connection.socket) connection.received.assign(as_text(bytes.subspan(used)));
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
  while (const std::size_t request = request_bytes(bytes.substr(used))) {
    publish(bytes.substr(used, request));
    send_or_keep(connection, publish_answer());
    used += request;
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

void FloorServer::write_overdue() {
  const Clock::time_point overdue = Clock::now() - kWaitMax;
  std::erase_if(waiting_rooms_, [&](std::int64_t number) {
    Room& room = rooms_[number];
    if (room.waiting != 0 && room.since > overdue) return false;
    if (room.waiting != 0) write(room);
    return true;
  });
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

void FloorServer::flush(Connection& connection) {
  const std::string_view backlog = connection.backlog;
  const ssize_t sent = ::send(connection.socket.get(), backlog.data(), backlog.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent > 0) connection.backlog.erase(0, static_cast<std::size_t>(sent));
  if (!connection.backlog.empty()) return;
  connection.is_waiting = false;
  watch(epoll_.get(), EPOLL_CTL_MOD, connection.socket.get(), EPOLLIN, &connection);
}

void FloorServer::watch_backlogs(const Members& members) {
  for (Connection* member : members) watch_backlog(*member);
}

void FloorServer::watch_backlog(Connection& connection) {
  if (connection.backlog.empty() || connection.is_waiting) return;
  connection.is_waiting = true;
  watch(epoll_.get(), EPOLL_CTL_MOD, connection.socket.get(), EPOLLIN | EPOLLOUT, &connection);
}

void FloorServer::close(Connection& connection) {
  leave(connection);
  connection.socket.reset();
  auto node = connections_.extract(&connection);
  closed_.push_back(std::move(node.mapped()));
}

}  // namespace fanfare::floor
