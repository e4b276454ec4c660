#include "sockjs/dialect.h"

#include <algorithm>

#include "base/assert.h"
#include "base/bytes.h"

namespace fanfare::sockjs {

namespace {

constexpr std::size_t kCallbackCharsMax = 128;
// Browsers show nothing of a frame's page before so much of it came.
constexpr std::size_t kHtmlFileBytesMin = kKiB;

// Calls `visit` with each line, without its line feed.
template <typename Visit>
void for_each_line(std::string_view lines, const Visit& visit) {
  while (!lines.empty()) {
    const std::size_t end = lines.find('\n');
    FANFARE_ASSERT(end != std::string_view::npos);
    visit(lines.substr(0, end));
    lines.remove_prefix(end + 1);
  }
}

// The client takes percent-encoding off.
void append_event(std::string& out, std::string_view line) {
  out += "data: ";
  for (const char c : line) {
    if (c == '%') {
      out += "%25";
    } else {
      out += c;
    }
  }
  out += "\r\n\r\n";
}

// A string literal that is the same in JavaScript, in JSON and inside a <script>: U+2028 and U+2029 end a line in old
// JavaScript, and "</script>" would end the script.
void append_script_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '<') {
      out += "\\u003c";
    } else if (three == "\xE2\x80\xA8" || three == "\xE2\x80\xA9") {
      out += three.back() == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;  // no control characters: lines are JSON, where those are escaped
    }
  }
  out += '"';
}

// a["x"] and a["y"] become a["x","y"].
std::string joined(std::string_view lines) {
  constexpr std::string_view kArray = "a[";
  std::string frame;
  for_each_line(lines, [&](std::string_view line) {
    if (frame.empty()) {
      frame = line;
      return;
    }
    FANFARE_ASSERT(frame.starts_with(kArray) && line.starts_with(kArray));
    frame.back() = ',';
    frame += line.substr(kArray.size());
  });
  return frame;
}

}  // namespace

Dialect dialect_of(Endpoint endpoint) noexcept {
  FANFARE_ASSERT(is_receiver(endpoint));
  if (endpoint == Endpoint::kEventSource) return Dialect::kEventSource;
  if (endpoint == Endpoint::kHtmlFile) return Dialect::kHtmlFile;
  return endpoint == Endpoint::kJsonp ? Dialect::kJsonp : Dialect::kLines;
}

std::string_view content_type_of(Dialect dialect) noexcept {
  switch (dialect) {
    case Dialect::kEventSource:
      return "text/event-stream; charset=UTF-8";
    case Dialect::kHtmlFile:
      return "text/html; charset=UTF-8";
    case Dialect::kLines:
    case Dialect::kJsonp:
      break;
  }
  return "application/javascript; charset=UTF-8";
}

bool is_callback(std::string_view name) noexcept {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  return !name.empty() && name.size() <= kCallbackCharsMax && std::ranges::all_of(name, is_part);
}

void append_begin(std::string& out, Dialect dialect, std::string_view callback) {
  if (dialect == Dialect::kEventSource) out += "\r\n";
  if (dialect != Dialect::kHtmlFile) return;
  const std::size_t begin = out.size();
  out += "<!DOCTYPE html>\n<html><head><meta charset=\"UTF-8\"></head><body>\n<script>\nvar receiver = parent.";
  out += callback;
  out +=
      ";\nreceiver.start();\nfunction p(frame) { receiver.message(frame); }\nwindow.onload = "
      "receiver.stop;\n</script>\n";
  const std::size_t written = out.size() - begin;
  if (written < kHtmlFileBytesMin) out.append(kHtmlFileBytesMin - written, ' ');
  out += "\r\n";
}

void append_wrapped(std::string& out, Dialect dialect, std::string_view lines, std::string_view callback) {
  switch (dialect) {
    case Dialect::kLines:
      out += lines;
      break;
    case Dialect::kEventSource:
      for_each_line(lines, [&](std::string_view line) { append_event(out, line); });
      break;
    case Dialect::kHtmlFile:
      for_each_line(lines, [&](std::string_view line) {
        out += "<script>\np(";
        append_script_string(out, line);
        out += ");\n</script>\r\n";
      });
      break;
    case Dialect::kJsonp:
      out += "/**/";  // so that the answer cannot begin as something else than a script
      out += callback;
      out += '(';
      append_script_string(out, joined(lines));
      out += ");\r\n";
      break;
  }
}

}  // namespace fanfare::sockjs
