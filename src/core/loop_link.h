// LoopLink: how what lives on one loop reaches its counterparts on the others.
//
// Order: per sender and receiver first in, first out. A message to one's own loop is always a direct call, so that the
//        order holds there too (rule 1 of home.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/executor.h"
#include "base/strong_id.h"
#include "core/connection_ref.h"

namespace fanfare::core {

class LoopCore;

// There are at most ConnectionRef::kLoopsMax loops.
constexpr LoopIndex to_loop_index(std::size_t place) noexcept { return LoopIndex(static_cast<std::uint16_t>(place)); }

// All loops of the process. Filled once, before they run; then immutable.
class LoopSet {
 public:
  struct Peer {
    Executor* executor = nullptr;
    LoopCore* core = nullptr;
  };

  // At most ConnectionRef::kLoopsMax, since a connection's name holds its loop.
  void add(Executor& executor, LoopCore& core) {
    FANFARE_ASSERT(peers_.size() < ConnectionRef::kLoopsMax);
    peers_.push_back({&executor, &core});
  }
  std::size_t size() const noexcept { return peers_.size(); }
  const Peer& operator[](LoopIndex index) const { return peers_[index.value()]; }
  // The home loop of whatever has this hash.
  LoopIndex home_of(std::uint64_t hash) const noexcept { return to_loop_index(hash % peers_.size()); }

 private:
  std::vector<Peer> peers_;
};

class LoopLink {
 public:
  LoopLink(LoopIndex self, const LoopSet& loops) : self_(self), loops_(loops) {}

  LoopIndex self() const noexcept { return self_; }
  const LoopSet& loops() const noexcept { return loops_; }
  bool is_self(LoopIndex index) const noexcept { return index == self_; }

  // Never refused. Callers include core/loop_core.h: that is where the receiving end is known.
  template <typename Message, typename Core = LoopCore>
  void send(LoopIndex to, Message message) const {
    const LoopSet::Peer& peer = loops_[to];
    if (is_self(to)) {
      static_cast<Core*>(peer.core)->receive(std::move(message));
      return;
    }
    peer.executor->post([core = static_cast<Core*>(peer.core), moved = std::move(message)]() mutable {
      core->receive(std::move(moved));
    });
  }

  // Uses one place that the caller reserved in the mailbox of another loop.
  template <typename Message, typename Core = LoopCore>
  void send_reserved(LoopIndex to, Message message) const {
    FANFARE_DEBUG_ASSERT(!is_self(to));
    const LoopSet::Peer& peer = loops_[to];
    peer.executor->post_reserved([core = static_cast<Core*>(peer.core), moved = std::move(message)]() mutable {
      core->receive(std::move(moved));
    });
  }

 private:
  LoopIndex self_;
  const LoopSet& loops_;
};

}  // namespace fanfare::core
