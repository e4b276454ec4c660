// PendingStreams: owner of connections of one loop that are not handed on yet: a handshake or a header comes first.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "net/event_loop.h"

namespace fanfare::net {

// `Pending` is derived from PendingStreams<Pending>::Place.
template <typename Pending>
class PendingStreams {
 public:
  class Place {
   private:
    friend class PendingStreams;
    std::size_t place_ = 0;
  };

  explicit PendingStreams(EventLoop& loop) : loop_(loop) {}

  Pending& add(std::unique_ptr<Pending> pending) {
    place_of(*pending) = all_.size();
    all_.push_back(std::move(pending));
    return *all_.back();
  }
  // Takes it out; it is destroyed at the end of the turn, so that it may be called from its own callbacks.
  void remove(Pending& pending) {
    const std::size_t place = place_of(pending);
    loop_.defer([gone = std::move(all_[place])] {});
    if (place + 1 < all_.size()) {
      all_[place] = std::move(all_.back());
      place_of(*all_[place]) = place;
    }
    all_.pop_back();
  }
  // `visit` may remove the one that it gets, and no other.
  template <typename Visit>
  void for_each(const Visit& visit) {
    for (std::size_t i = all_.size(); i > 0; --i) visit(*all_[i - 1]);
  }
  std::size_t size() const noexcept { return all_.size(); }

 private:
  static std::size_t& place_of(Pending& pending) noexcept { return static_cast<Place&>(pending).place_; }

  EventLoop& loop_;
  std::vector<std::unique_ptr<Pending>> all_;
};

}  // namespace fanfare::net
