// ConnectionRef: the only name of a connection outside its loop, and at the same time its socket id.
//
// Wire:  "<place>.<nonce>", two decimal numbers (pusher/socket_id.h). `place` is the slot in the loop's ConnectionTable
//        and the loop; `nonce` is random and changes whenever the slot is used again, so it is the generation too.
// Order: resolved on the connection's own loop only (ConnectionTable::find); the answer may be "gone".
#pragma once

#include <compare>
#include <cstdint>

#include "base/strong_id.h"
#include "pusher/socket_id.h"

namespace fanfare::core {

class ConnectionRef {
 public:
  static constexpr std::uint32_t kLoopsMax = 64;
  static constexpr std::uint32_t kSlotsMax = 0xFFFFFFFFU / kLoopsMax - 1;

  constexpr ConnectionRef() = default;  // nobody
  constexpr ConnectionRef(LoopIndex loop, std::uint32_t slot, std::uint32_t nonce)
      : place_(slot * kLoopsMax + loop.value() + 1), nonce_(nonce) {}
  constexpr explicit ConnectionRef(pusher::SocketId id) : place_(id.a), nonce_(id.b) {}

  constexpr bool is_nobody() const noexcept { return place_ == 0; }
  constexpr LoopIndex loop() const noexcept { return LoopIndex(static_cast<std::uint16_t>((place_ - 1) % kLoopsMax)); }
  constexpr std::uint32_t slot() const noexcept { return (place_ - 1) / kLoopsMax; }
  constexpr std::uint32_t nonce() const noexcept { return nonce_; }
  constexpr pusher::SocketId socket_id() const noexcept { return {place_, nonce_}; }

  friend constexpr bool operator==(ConnectionRef, ConnectionRef) = default;

 private:
  std::uint32_t place_ = 0;  // slot × kLoopsMax + loop + 1; 0: nobody
  std::uint32_t nonce_ = 0;
};

}  // namespace fanfare::core
