// Channel: the truth about one channel: which loops have subscribers, how many, who its members are.
//
// Order:  every subscriber of the channel, on whatever loop, sees its events in the order of the calls here.
// Thread: the channel's home loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "core/home.h"
#include "core/home_context.h"
#include "core/presence_roster.h"

namespace fanfare::core {

class Channel {
 public:
  Channel(ChannelRef name, std::size_t loops);

  const ChannelRef& name() const noexcept { return name_; }

  // Counts the loop in and answers Admitted or Refused.
  void join(Join&& join, HomeContext& home);
  // Matches one join, admitted or refused.
  void leave(const Leave& leave, HomeContext& home);
  // Encodes the event once and sends it to every loop that has subscribers. False: a client event of no member.
  bool publish(const EventTokens& event, const PublishFacts& facts, HomeContext& home);
  // The throttled subscription_count whose time has come.
  void send_due_count(HomeContext& home);
  // At the end of a turn that published here more than once.
  void drop_burst_chunk() noexcept { burst_ = {}; }

  // Sends `message` to every loop with subscribers. What they do about it may end this channel during the call: a kick
  // of the last subscriber on the home loop comes back as a Leave at once.
  template <typename Message>
  void tell_loops(const Message& message, const LoopLink& link) const {
    const auto joined_on = joined_on_;
    for (std::size_t i = 0; i < joined_on.size(); ++i) {
      if (joined_on[i] != 0) link.send(to_loop_index(i), Message(message));
    }
  }

  std::size_t subscription_count() const noexcept { return subscriptions_; }
  bool is_occupied() const noexcept { return subscriptions_ != 0; }
  // 0 unless it is a presence channel.
  std::size_t member_count() const noexcept { return presence_ == nullptr ? 0 : presence_->roster.member_count(); }
  std::vector<std::string> member_ids() const;
  bool is_unused() const noexcept { return joined_ == 0; }
  bool wants_burst_cleanup() const noexcept { return static_cast<bool>(burst_); }

  // Set when a subscription_count was held back; the directory calls send_due_count() then. The epoch: nothing waits.
  MonotonicTime count_due() const noexcept { return count_due_; }
  // True once for each count_due(), so that the directory schedules it once.
  bool take_new_count_due() noexcept { return std::exchange(count_due_is_new_, false); }
  // As of the latest join or reload.
  const App& app() const noexcept { return *app_; }
  void set_app(AppRef app) noexcept { app_ = std::move(app); }

 private:
  struct Refusal {
    ConnectionRef connection;
    std::uint32_t attempt;
  };
  struct Presence {
    PresenceRoster roster;
    std::vector<Refusal> refused;  // joins answered with Refused, until their Leave comes
  };

  bool admit_member(const Join& join, HomeContext& home);
  bool take_refusal(const Leave& leave);
  void answer(const Join& join, HomeContext& home);
  BytesSlice frame(std::string_view payload, HomeContext& home);
  void deliver(const BytesSlice& frame, const PublishFacts& facts, FrameClass frame_class, HomeContext& home) const;
  void deliver_protocol(std::string_view payload, HomeContext& home);
  void count_changed(HomeContext& home);
  void send_count(HomeContext& home);

  ChannelRef name_;
  AppRef app_;                                                  // as of the latest join or reload
  boost::container::small_vector<std::uint32_t, 2> joined_on_;  // by loop: joins without their leave
  std::uint32_t joined_ = 0;                                    // sum of joined_on_
  std::uint32_t subscriptions_ = 0;                             // joined_ without the refused ones
  std::unique_ptr<Presence> presence_;
  SharedBytes burst_;            // holds this turn's frames from the second one on, side by side
  std::uint64_t last_turn_ = 0;  // of the latest frame
  MonotonicTime count_sent_{};
  MonotonicTime count_due_{};
  bool count_due_is_new_ = false;
};

}  // namespace fanfare::core
