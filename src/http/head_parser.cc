#include "http/head_parser.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include <boost/beast/http/basic_parser.hpp>

namespace fanfare::http {

namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

// A part of the request in an error's text: short and printable.
std::string quoted(std::string_view text) {
  constexpr std::size_t kCharsMax = 64;
  std::string quote = "\"";
  for (const char c : text.substr(0, kCharsMax)) quote += c >= 0x20 && c < 0x7F ? c : '?';
  quote += text.size() > kCharsMax ? "…\"" : "\"";
  return quote;
}

ParseError bad_request(std::string text) { return {400, std::move(text)}; }

bool is_http_scheme(std::string_view target, std::string_view scheme) {
  return target.size() > scheme.size() && equals_ignoring_case(target.substr(0, scheme.size()), scheme);
}

// Splits the target's path from its query. Returns what is wrong with it.
std::optional<ParseError> split_target(Request& request) {
  std::string_view rest = request.target;
  if (request.method_text == "CONNECT") return ParseError{501, "CONNECT is not supported: this is not a proxy"};
  if (rest == "*" && request.method == Method::kOptions) {
    request.path = rest;
    return std::nullopt;
  }
  // Clients of a proxy send the whole URL, and servers must understand it. Source: RFC 9112 section 3.2.2
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!is_http_scheme(rest, scheme)) continue;
    rest.remove_prefix(scheme.size());
    const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
    if (authority == 0) return bad_request("the request target has no host: " + quoted(request.target));
    rest.remove_prefix(authority);
    break;
  }
  const bool is_absolute = rest.data() != request.target.data();
  if (!rest.starts_with('/') && !is_absolute) {
    return bad_request("expected a request target that begins with '/', got " + quoted(request.target));
  }
  const std::size_t mark = rest.find('?');
  request.path = rest.substr(0, mark);
  request.query = mark == std::string_view::npos ? std::string_view() : rest.substr(mark + 1);
  if (request.path.empty()) request.path = "/";
  return std::nullopt;
}

// Collects what Beast finds and holds the framing to stricter rules than Beast does.
class HeadReader final : public beast::http::basic_parser<true> {
 public:
  HeadReader(Request& request, BodyFraming& framing) : request_(request), framing_(framing) {
    header_limit(std::numeric_limits<std::uint32_t>::max());
    // Not "none": Beast 1.74 then takes every length for too large.
    body_limit(std::numeric_limits<std::uint64_t>::max());
    skip(true);  // the body is read elsewhere
  }

  std::optional<ParseError> read(ByteView head) {
    beast::error_code code;
    put(boost::asio::const_buffer(head.data(), head.size()), code);
    if (fault_) return std::move(fault_);
    if (code) return explain(code, head);
    if (!is_done()) return bad_request("the request head is not complete");
    return finish();
  }

 private:
  void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int version,
                       beast::error_code& code) override {
    request_.method_text = view_of(method);
    request_.method = method_of(request_.method_text);
    request_.target = view_of(target);
    request_.version_minor = version % 10;
    fail_with(split_target(request_), code);
  }

  void on_field_impl(field name, beast::string_view name_text, beast::string_view value_text,
                     beast::error_code& code) override {
    const std::string_view value = view_of(value_text);
    request_.headers.push_back({view_of(name_text), value});
    switch (name) {
      case field::content_length:
        return fail_with(take_content_length(value), code);
      case field::transfer_encoding:
        return fail_with(take_transfer_encoding(value), code);
      case field::host:
        if (++hosts_ > 1) fail_with(bad_request("more than one Host header"), code);
        return;
      case field::expect:
        return fail_with(take_expect(value), code);
      default:
        return;
    }
  }

  std::optional<ParseError> take_content_length(std::string_view value) {
    if (++lengths_ > 1) return bad_request("more than one Content-Length header");
    // Beast lets lists such as "5, 5" pass.
    if (value.empty() || value.find_first_not_of("0123456789") != std::string_view::npos) {
      return bad_request("expected a decimal number in Content-Length, got " + quoted(value));
    }
    const auto parsed = std::from_chars(value.data(), value.data() + value.size(), framing_.content_length);
    if (parsed.ec != std::errc{}) return ParseError{413, "Content-Length " + quoted(value) + " is too large"};
    return std::nullopt;
  }

  std::optional<ParseError> take_transfer_encoding(std::string_view value) {
    if (++codings_ > 1) return bad_request("more than one Transfer-Encoding header");
    if (!equals_ignoring_case(value, "chunked")) {
      return ParseError{501, "the only Transfer-Encoding known here is \"chunked\", got " + quoted(value)};
    }
    framing_.chunked = true;
    return std::nullopt;
  }

  std::optional<ParseError> take_expect(std::string_view value) {
    if (request_.version_minor == 0) return std::nullopt;  // HTTP/1.0 knows no Expect: RFC 9110 section 10.1.1
    if (!equals_ignoring_case(value, "100-continue")) {
      return ParseError{417, "the only Expect known here is \"100-continue\", got " + quoted(value)};
    }
    framing_.expects_continue = true;
    return std::nullopt;
  }

  // What only the whole head tells.
  std::optional<ParseError> finish() {
    if (lengths_ > 0 && codings_ > 0) return bad_request("both Content-Length and Transfer-Encoding");
    if (codings_ > 0 && request_.version_minor == 0) return bad_request("Transfer-Encoding in an HTTP/1.0 request");
    if (hosts_ == 0 && request_.version_minor > 0) return bad_request("an HTTP/1.1 request without a Host header");
    // Not Beast's keep_alive(): by it "keep-alive, close" goes on in HTTP/1.0, and Proxy-Connection counts.
    const bool keeps = request_.version_minor > 0 || request_.header_has_token("Connection", "keep-alive");
    request_.keep_alive = keeps && !request_.header_has_token("Connection", "close");
    return std::nullopt;
  }

  std::optional<ParseError> explain(beast::error_code code, ByteView head) const {
    using beast::http::error;
    const std::string_view text = as_text(head);
    const std::string_view line = text.substr(0, text.find('\r'));
    if (code == error::bad_version) {
      const std::string_view version = line.substr(line.rfind(' ') + 1);
      const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
      if (std::count(line.begin(), line.end(), ' ') == 2 && version.size() == 8 && version.starts_with("HTTP/") &&
          is_digit(version[5]) && version[6] == '.' && is_digit(version[7])) {
        return ParseError{505, "expected HTTP/1.1 or HTTP/1.0, got " + quoted(version)};
      }
    }
    if (code == error::bad_method || code == error::bad_target || code == error::bad_version) {
      return bad_request("expected a request line \"METHOD /path HTTP/1.1\", got " + quoted(line));
    }
    if (code == error::bad_field) return bad_request("a header line is not \"Name: value\"");
    if (code == error::bad_value) return bad_request("a header value with a character that it must not have");
    if (code == error::bad_line_ending) return bad_request("a carriage return without a line feed");
    if (code == error::bad_content_length || code == error::bad_transfer_encoding) {
      const bool is_length = code == error::bad_content_length;
      if (is_length ? codings_ > 0 : lengths_ > 0) return bad_request("both Content-Length and Transfer-Encoding");
      if (!is_length) return bad_request("more than one Transfer-Encoding header");
      if (lengths_ > 0) return bad_request("more than one Content-Length header");
      return bad_request("expected a decimal number in Content-Length");
    }
    return bad_request("the request head is malformed");
  }

  void fail_with(std::optional<ParseError> fault, beast::error_code& code) {
    if (!fault) return;
    fault_ = std::move(fault);
    code = beast::http::error::bad_field;  // ends the parsing
  }

  // Not called for requests, or not needed: the body is read elsewhere.
  void on_response_impl(int, beast::string_view, int, beast::error_code&) override {}
  void on_header_impl(beast::error_code&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, beast::error_code&) override {}
  std::size_t on_body_impl(beast::string_view body, beast::error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t, beast::string_view, beast::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, beast::error_code&) override {
    return body.size();
  }
  void on_finish_impl(beast::error_code&) override {}

  Request& request_;
  BodyFraming& framing_;
  std::optional<ParseError> fault_;
  std::size_t lengths_ = 0;
  std::size_t codings_ = 0;
  std::size_t hosts_ = 0;
};

}  // namespace

std::optional<ParseError> parse_request_head(ByteView head, Request& request, BodyFraming& framing) {
  return HeadReader(request, framing).read(head);
}

}  // namespace fanfare::http
