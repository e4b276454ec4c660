#include "http/response.h"

#include <algorithm>
#include <charconv>

namespace fanfare::http {

namespace {

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

// clang-format off: a table
std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 100:
      return "Continue";
    case 101:
      return "Switching Protocols";
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 307:
      return "Temporary Redirect";
    case 308:
      return "Permanent Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 426:
      return "Upgrade Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Unknown";
  }
}
// clang-format on

Response json_response(std::string body, int status) {
  return {.status = status, .content_type = kJson, .body = std::move(body), .headers = {}};
}

Response text_response(int status, std::string text) {
  if (!text.ends_with('\n')) text += '\n';
  return {.status = status, .content_type = kPlainText, .body = std::move(text), .headers = {}};
}

void append_response(std::string& out, const Response& response, const ResponseFraming& framing) {
  out += "HTTP/1.1 ";
  append_number(out, static_cast<std::size_t>(std::max(response.status, 0)));
  out += ' ';
  out += reason_phrase(response.status);
  out += "\r\n";
  if (!framing.date.empty()) append_header(out, "Date", framing.date);
  if (!response.content_type.empty()) append_header(out, "Content-Type", response.content_type);
  if (has_length(response.status)) {
    out += "Content-Length: ";
    append_number(out, response.body.size());
    out += "\r\n";
  }
  if (!framing.keep_alive) {
    out += "Connection: close\r\n";
  } else if (framing.version_minor == 0) {
    out += "Connection: keep-alive\r\n";  // it is not what HTTP/1.0 takes for granted
  }
  for (const ResponseHeader& header : response.headers) append_header(out, header.name, header.value);
  out += "\r\n";
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
