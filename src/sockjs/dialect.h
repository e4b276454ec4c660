// Dialect: how lines are wrapped for clients that cannot read them as they are.
//
// Source: REF 8.8; SockJS protocol 0.3.3, "Eventsource", "HTMLFile", "JSONP"
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sockjs/session_url.h"

namespace fanfare::sockjs {

enum class Dialect : std::uint8_t {
  kLines,        // xhr, xhr_streaming
  kEventSource,  // data: <frame>, an event a frame
  kHtmlFile,     // a script a frame
  kJsonp,        // one script in all, with one frame
};

// REQUIRES: is_receiver(endpoint).
Dialect dialect_of(Endpoint endpoint) noexcept;
// As a static text.
std::string_view content_type_of(Dialect dialect) noexcept;

// Whether `name` can be called without being anything else: what `c` of jsonp and htmlfile must look like.
bool is_callback(std::string_view name) noexcept;

// What an answer of that dialect begins with; `callback` is for kHtmlFile.
void append_begin(std::string& out, Dialect dialect, std::string_view callback);
// `lines` are whole lines, valid UTF-8. For kJsonp they are one frame: `a` lines are joined into one, and nothing else
// may be among several lines.
void append_wrapped(std::string& out, Dialect dialect, std::string_view lines, std::string_view callback);

}  // namespace fanfare::sockjs
