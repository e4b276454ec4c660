// FallbackTable: the fallback sessions of one loop by the name that their URL gives them.
//
// Thread: one loop. Owns none of them: ConnectionList does.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace fanfare::session {

class FallbackSession;

class FallbackTable {
 public:
  // Null: there is none.
  FallbackSession* find(std::string_view name) const {
    const auto found = sessions_.find(name);
    return found == sessions_.end() ? nullptr : found->second;
  }
  void add(std::string name, FallbackSession& session) { sessions_.emplace(std::move(name), &session); }
  // REQUIRES: it is there.
  void remove(std::string_view name) { sessions_.erase(sessions_.find(name)); }
  std::size_t size() const noexcept { return sessions_.size(); }

  // Those that were not let in, as they count against FallbackOptions::waiting_max.
  std::size_t waiting = 0;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, FallbackSession*, Hash, std::equal_to<>> sessions_;
};

}  // namespace fanfare::session
