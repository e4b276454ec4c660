// Compression: what the connections of one loop share to deflate and to inflate, and what that may cost.
//
// Thread: one loop.
// Memory: see deflate::Deflater and deflate::Inflater; nothing before the first use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "core/app.h"
#include "core/delivery.h"
#include "deflate/deflater.h"
#include "deflate/inflater.h"
#include "net/net_stats.h"
#include "session/deflate_budget.h"
#include "session/options.h"
#include "session/session_stats.h"
#include "ws/deflated_frame.h"
#include "ws/permessage_deflate.h"

namespace fanfare::session {

class Compression final : public core::FrameDeflater {
 public:
  // `loop`: says how busy the loop is. `clock`: goes on during a turn.
  Compression(const CompressionOptions& options, const net::NetStats& loop, const Clock& clock, SessionStats& stats);

  // What a client that sent this Sec-WebSocket-Extensions gets. Nothing: no compression.
  std::optional<ws::DeflateResponse> agree(std::string_view extensions) const;
  std::optional<ws::DeflateResponse> agree(std::string_view extensions, const core::App& app) const;

  LocalSlice deflate_frames(const LocalSlice& frames, std::uint8_t window_bits) override;
  // Appends a frame with the text message `payload` for one connection.
  void append_frame(std::string& to, std::string_view payload, ws::DeflateWindow window);

  deflate::Deflater& deflater() noexcept { return deflater_; }
  deflate::Inflater& inflater() noexcept { return inflater_; }
  SessionStats& stats() noexcept { return stats_; }

 private:
  class Spending;

  ws::DeflateOffer offer() const noexcept;
  bool is_worth_it(std::size_t payload_bytes) const noexcept { return payload_bytes >= options_.message_bytes_min; }
  // Whether the loop has time for messages that are worth it; counts those that it has none for.
  bool has_time();
  void append_counted(std::string& to, std::string_view payload, ws::DeflateWindow window);

  const CompressionOptions& options_;
  const net::NetStats& loop_;
  const Clock& clock_;
  SessionStats& stats_;
  DeflateBudget budget_;
  deflate::Deflater deflater_;
  deflate::Inflater inflater_;
  std::string frames_;  // deflated ones are gathered here
};

}  // namespace fanfare::session
