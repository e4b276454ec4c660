// A channel's name in this process: app, text, hash and kind, computed once and shared.
//
// ChannelView is what one looks a channel up by; ChannelRef is what outlives the call and travels between loops.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/intrusive_ptr.h"
#include "core/app.h"
#include "pusher/channel_name.h"

namespace fanfare::core {

inline std::uint64_t hash_of_channel(AppIndex app, std::string_view text) noexcept {
  const std::uint64_t mixed =
      std::hash<std::string_view>{}(text) ^ (std::uint64_t{app.value()} * 0x9E3779B97F4A7C15ULL);
  return mixed ^ (mixed >> 29U);
}

struct ChannelView {
  AppIndex app;
  std::string_view text;
  std::uint64_t hash = 0;

  ChannelView(AppIndex index, std::string_view name) : app(index), text(name), hash(hash_of_channel(index, name)) {}
  ChannelView(AppIndex index, std::string_view name, std::uint64_t known_hash)
      : app(index), text(name), hash(known_hash) {}
  friend bool operator==(const ChannelView& a, const ChannelView& b) noexcept {
    return a.hash == b.hash && a.app == b.app && a.text == b.text;
  }
};

// Immutable. Thread: any.
class ChannelName final : public RefCounted<ChannelName> {
 public:
  explicit ChannelName(const ChannelView& view)
      : app_(view.app), hash_(view.hash), traits_(pusher::channel_traits(view.text)), text_(view.text) {}

  AppIndex app() const noexcept { return app_; }
  std::uint64_t hash() const noexcept { return hash_; }
  const std::string& text() const noexcept { return text_; }
  const pusher::ChannelTraits& traits() const noexcept { return traits_; }
  ChannelView view() const noexcept { return {app_, text_, hash_}; }

  bool is_presence() const noexcept { return traits_.kind == pusher::ChannelKind::kPresence; }
  bool is_user_channel() const noexcept { return traits_.kind == pusher::ChannelKind::kServerToUser; }
  bool is_cached() const noexcept { return traits_.cached; }

 private:
  AppIndex app_;
  std::uint64_t hash_;
  pusher::ChannelTraits traits_;
  std::string text_;
};

using ChannelRef = IntrusivePtr<const ChannelName>;

inline ChannelRef make_channel_ref(const ChannelView& view) { return ChannelRef(new ChannelName(view)); }

// For hash tables keyed by ChannelRef and looked up by ChannelView.
struct ChannelHash {
  using is_transparent = void;
  std::size_t operator()(const ChannelRef& channel) const noexcept { return channel->hash(); }
  std::size_t operator()(const ChannelView& channel) const noexcept { return channel.hash; }
};
struct ChannelEqual {
  using is_transparent = void;
  bool operator()(const ChannelRef& a, const ChannelRef& b) const noexcept { return a == b || a->view() == b->view(); }
  bool operator()(const ChannelRef& a, const ChannelView& b) const noexcept { return a->view() == b; }
  bool operator()(const ChannelView& a, const ChannelRef& b) const noexcept { return a == b->view(); }
};

}  // namespace fanfare::core
