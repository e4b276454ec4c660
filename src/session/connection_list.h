// ConnectionList: owner of one loop's WebSocket connections, whatever they are for, until each asks to be destroyed.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include "net/event_loop.h"

namespace fanfare::session {

class ConnectionList;

class OwnedConnection {
 public:
  OwnedConnection() = default;
  OwnedConnection(const OwnedConnection&) = delete;
  OwnedConnection& operator=(const OwnedConnection&) = delete;
  virtual ~OwnedConnection() = default;

  // The server is going away: say goodbye in the protocol's way.
  virtual void drain() = 0;
  // A new table of apps is in force.
  virtual void on_apps_changed() {}

 private:
  friend class ConnectionList;
  std::size_t place_ = 0;
};

class ConnectionList {
 public:
  explicit ConnectionList(net::EventLoop& loop) : loop_(loop) {}

  void add(std::unique_ptr<OwnedConnection> connection) {
    connection->place_ = connections_.size();
    connections_.push_back(std::move(connection));
  }
  // At the end of the turn, so that it may be called from the connection's own callbacks. Once for each connection.
  void destroy_later(OwnedConnection& connection) {
    loop_.defer([this, &connection] { remove(connection); });
  }
  std::size_t size() const noexcept { return connections_.size(); }
  // `visit` may end connections, which destroys none before the end of the turn.
  template <typename Visit>
  void for_each(Visit&& visit) {
    for (const auto& connection : connections_) visit(*connection);
  }
  std::size_t undrained() const noexcept { return connections_.size() - drained_; }
  // Drains at most `count` connections that are not drained yet; false: that were all.
  bool drain_some(std::size_t count) {
    for (; count > 0 && drained_ < connections_.size(); --count) connections_[drained_++]->drain();
    return drained_ < connections_.size();
  }

 private:
  void remove(OwnedConnection& connection) {
    const std::size_t place = connection.place_;
    const std::unique_ptr<OwnedConnection> dying = std::move(connections_[place]);
    // The drained ones stay together at the front.
    std::size_t hole = place;
    if (place < drained_) {
      --drained_;
      move_into(hole, drained_);
      hole = drained_;
    }
    move_into(hole, connections_.size() - 1);
    connections_.pop_back();
  }
  void move_into(std::size_t hole, std::size_t from) {
    if (hole == from) return;
    connections_[hole] = std::move(connections_[from]);
    connections_[hole]->place_ = hole;
  }

  net::EventLoop& loop_;
  // A vector that doubles leaves its old memory behind as a gap.
  std::deque<std::unique_ptr<OwnedConnection>> connections_;
  std::size_t drained_ = 0;  // connections_[0, drained_) have been drained
};

}  // namespace fanfare::session
