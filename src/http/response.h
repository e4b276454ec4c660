// Responses: status line, headers and body as bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "http/date.h"

namespace fanfare::http {

inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kPlainText = "text/plain; charset=utf-8";

// "OK" for 200; "Unknown" for a status that is not in the registry's usual part.
std::string_view reason_phrase(int status) noexcept;

struct ResponseHeader {
  std::string name;
  std::string value;  // the writer takes line ends out
};

struct Response {
  int status = 200;
  std::string_view content_type{};  // static text; empty: no Content-Type
  std::string body{};
  std::vector<ResponseHeader> headers{};  // not Content-Type, Content-Length, Connection, Date
};

Response json_response(std::string body, int status = 200);
// `text` gets a line feed behind it unless it has one. Source: REF 9.2, error bodies
Response text_response(int status, std::string text);

// How an answer is framed for the request that it answers.
struct ResponseFraming {
  int version_minor = 1;
  bool keep_alive = true;
  bool head_only = false;   // HEAD: Content-Length is said and no body follows
  std::string_view date{};  // an IMF-fixdate; empty: no Date
};

// How the end of a body can be told that is written bit by bit.
struct BodyEnd {
  enum class Kind : std::uint8_t {
    kLength,   // Content-Length says it
    kChunked,  // each bit is a chunk, kLastChunk is behind the last
    kClose,    // the connection ends; for HTTP/1.0, with keep_alive false
  };
  Kind kind = Kind::kChunked;
  std::size_t length = 0;  // kLength
};
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";
// A chunk is this, its bytes and "\r\n". REQUIRES: `bytes` > 0, since an empty chunk ends the body.
void append_chunk_head(std::string& out, std::size_t bytes);

// Appends status line and headers of a response whose body follows; response.body is not looked at.
void append_response_head(std::string& out, const Response& response, const ResponseFraming& framing, BodyEnd end);

// Appends the whole response. Content-Length is always there, but for 204 and 304.
void append_response(std::string& out, const Response& response, const ResponseFraming& framing);

inline constexpr std::string_view kContinueResponse = "HTTP/1.1 100 Continue\r\n\r\n";

// The answer of every successful publish, "200 {}", written once a second.
// Thread: one.
class EmptyObjectResponse {
 public:
  // The whole response to an HTTP/1.1 request that keeps its connection. Valid until a later second is asked for.
  std::string_view at(WallTime now);
  // Counts up with each new text.
  std::uint64_t version() const noexcept { return version_; }

 private:
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  std::uint64_t version_ = 0;
  std::string text_;
};

}  // namespace fanfare::http
