// PresenceLog: who of a presence channel's members learned of whom, and how often. Pure.
//
// Of any two members exactly one learns of the other by member_added: the one that was in first. The other one finds it
// in its roster. So n members that all join make n (n − 1) / 2 deliveries, in whatever order they joined. That order is
// known by the end: a roster's count is its member's place in it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fanfare::bench {

class PresenceLog {
 public:
  explicit PresenceLog(std::uint32_t members);

  // `member` is in; its roster says so of `count` members, itself among them.
  void join(std::uint32_t member, std::uint32_t count);
  // `member` was told that `other` was added. False: it had been told before, or it is itself or nobody of ours.
  // Cost: 4 bytes of memory each.
  bool record(std::uint32_t member, std::uint64_t other);

  std::uint32_t joined() const noexcept { return joined_; }
  std::uint64_t received() const noexcept { return received_; }
  std::uint64_t doubled() const noexcept { return doubled_; }
  std::uint64_t misdelivered() const noexcept { return misdelivered_; }
  // Of those that joined: what their rosters leave to be told, once all are in.
  std::uint64_t expected() const noexcept { return expected_; }
  std::uint64_t lost() const noexcept;
  // Told behind one that joined later. Those of which no roster came have no known place and do not count.
  // Cost: linear in what was told.
  std::uint64_t reordered() const noexcept;

 private:
  std::uint32_t members_;
  std::uint32_t joined_ = 0;
  std::uint64_t expected_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t misdelivered_ = 0;
  std::vector<std::uint32_t> owed_;               // [member]
  std::vector<std::uint32_t> place_;              // [member] in the order of joining, the first being 1; 0: not known
  std::vector<std::vector<std::uint32_t>> told_;  // [member]: of whom, as it came
  std::vector<bool> knows_;                       // [member · members + other]
};

// How many members a subscription_succeeded message counts. 0: it does not say.
std::uint32_t roster_count(std::string_view payload) noexcept;

}  // namespace fanfare::bench
