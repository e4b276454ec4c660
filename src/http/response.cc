#include "http/response.h"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace fanfare::http {

namespace {

struct StatusText {
  int status;
  std::string_view text;
};

constexpr StatusText kReasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

void append_number(std::string& out, std::size_t value) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, end.ptr);
}

// A value that came from elsewhere must not begin a header of its own.
void append_value(std::string& out, std::string_view value) {
  for (const char c : value) out += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out += name;
  out += ": ";
  append_value(out, value);
  out += "\r\n";
}

bool has_length(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

std::string_view reason_phrase(int status) noexcept {
  const auto* found = std::ranges::lower_bound(kReasons, status, {}, &StatusText::status);
  return found != std::end(kReasons) && found->status == status ? found->text : std::string_view("Unknown");
}

Response json_response(std::string body, int status) {
  return {.status = status, .content_type = kJson, .body = std::move(body), .headers = {}};
}

Response text_response(int status, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  return {.status = status, .content_type = kPlainText, .body = std::move(text), .headers = {}};
}

void append_chunk_head(std::string& out, std::size_t bytes) {
  char digits[16];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), bytes, 16).ptr);
  out += "\r\n";
}

void append_response_head(std::string& out, const Response& response, const ResponseFraming& framing, BodyEnd end) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(std::max(response.status, 0)));
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (end.kind == BodyEnd::Kind::kChunked) {
    out += "Transfer-Encoding: chunked\r\n";
  } else if (end.kind == BodyEnd::Kind::kLength && has_length(response.status)) {
    out += "Content-Length: ";
    append_number(out, end.length);
    out += "\r\n";
  }
  if (!framing.keep_alive) {
    out += "Connection: close\r\n";
  } else if (framing.version_minor == 0) {
    out += "Connection: keep-alive\r\n";  // it is not what HTTP/1.0 takes for granted
  }
  for (const ResponseHeader& header : response.headers) append_header(out, header.name, header.value);
  out += "\r\n";
}

void append_response(std::string& out, const Response& response, const ResponseFraming& framing) {
  append_response_head(out, response, framing, {.kind = BodyEnd::Kind::kLength, .length = response.body.size()});
  if (!framing.head_only && has_length(response.status)) out += response.body;
}

std::string_view EmptyObjectResponse::at(WallTime now) {
  const auto second = std::chrono::floor<std::chrono::seconds>(now);
  if (second != second_) {
    second_ = second;
    ++version_;
    char date[kImfDateChars];
    write_imf_date(now, date);
    text_.clear();
    append_response(text_, json_response("{}"),
                    {.version_minor = 1, .keep_alive = true, .head_only = false, .date = {date, kImfDateChars}});
  }
  return text_;
}

}  // namespace fanfare::http
