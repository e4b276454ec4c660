#include "fetch/transfer.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstddef>
#include <mutex>
#include <new>
#include <string_view>
#include <utility>

#include "base/assert.h"

namespace fanfare::fetch {

namespace {

constexpr std::string_view kSchemes[] = {"http://", "https://"};

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  FANFARE_ASSERT((curl_easy_setopt)(easy, option, value) ==
                 CURLE_OK);  // no option of ours depends on input but the URL
}

bool has_line_break(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

bool is_token(std::string_view text) noexcept {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [kOthers](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || kOthers.find(c) != std::string_view::npos;
  });
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

long milliseconds_of(std::chrono::milliseconds time) {
  return std::max<long>(1, time.count());  // 0 would mean "for ever" to libcurl
}

bool is_certificate_fault(CURLcode code) noexcept {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CACERT_BADFILE;
}

bool is_broken_connection(CURLcode code) noexcept {
  return code == CURLE_GOT_NOTHING || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
         code == CURLE_PARTIAL_FILE;
}

}  // namespace

void prepare_curl() {
  static std::once_flag once;
  std::call_once(once, [] { FANFARE_ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

Transfer::Transfer(Request request, const FetchOptions& options)
    : request_(std::move(request)), options_(options), easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc();
}

Status Transfer::prepare() {
  const bool has_scheme = std::any_of(std::begin(kSchemes), std::end(kSchemes),
                                      [this](auto scheme) { return request_.url.starts_with(scheme); });
  if (!has_scheme) return invalid("the URL must begin with http:// or https://");
  if (has_line_break(request_.url)) return invalid("the URL holds a line break");
  if (!is_token(request_.method)) return invalid("not an HTTP method");
  if (Status added = add_headers(); !added.ok()) return added;

  CURL* easy = easy_.get();
  if ((curl_easy_setopt)(easy, CURLOPT_URL, request_.url.c_str()) != CURLE_OK) return invalid("the URL is not valid");
  set_bounds();
  set_method();
  set(easy, CURLOPT_HTTPHEADER, headers_.get());
  set(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(easy, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, reason_.data());
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  return {};
}

Status Transfer::add_headers() {
  for (const auto& [name, value] : request_.headers) {
    if (!is_token(name) || has_line_break(value)) return invalid("a header's name or value is not valid");
    // "Name;" is libcurl's way to write a header without a value; "Name:" would take it out.
    const std::string line = value.empty() ? name + ";" : name + ": " + value;
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();  // the same list, which append() gives back
    headers_.reset(longer);
  }
  // Servers that do not know it would cost a second of waiting.
  curl_slist* longer = curl_slist_append(headers_.get(), "Expect:");
  if (longer == nullptr) throw std::bad_alloc();
  (void)headers_.release();
  headers_.reset(longer);
  return {};
}

void Transfer::set_bounds() {
  CURL* easy = easy_.get();
  set(easy, CURLOPT_NOSIGNAL, 1L);  // threads and SIGALRM do not go together
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options_.ca_file.empty()) set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds_of(options_.connect_timeout));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds_of(request_.timeout.value_or(options_.request_timeout)));
}

void Transfer::set_method() {
  CURL* easy = easy_.get();
  if (request_.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (!request_.body.empty() || request_.method == "POST") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  const std::string_view bytes(data, size * count);
  return static_cast<Transfer*>(self)->take_body(bytes) ? bytes.size() : 0;
}

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  const std::string_view line(data, size * count);
  return static_cast<Transfer*>(self)->take_header(line) ? line.size() : 0;
}

bool Transfer::take_body(std::string_view bytes) {
  is_too_large_ = bytes.size() > options_.response_body_bytes_max - response_.body.size();
  if (is_too_large_) return false;
  response_.body += bytes;
  return true;
}

bool Transfer::take_header(std::string_view line) {
  is_too_large_ = line.size() > options_.response_headers_bytes_max - header_bytes_;
  if (is_too_large_) return false;
  header_bytes_ += line.size();
  if (line.starts_with("HTTP/")) {  // a status line: what came before was an interim answer (100, 103)
    response_.headers.clear();
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(in_lower_case(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  return true;
}

Result<Response> Transfer::finish(CURLcode code) {
  if (code != CURLE_OK) return error_of(code);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

// host:port of the URL, without what may stand before (user:password@) or behind it.
std::string Transfer::server() const {
  std::string_view rest(request_.url);
  const bool is_tls = rest.starts_with("https://");
  rest.remove_prefix(rest.find("//") + 2);
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  std::string text(rest);
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != std::string::npos && text.find(']', colon) == std::string::npos;
  if (!has_port) text += is_tls ? ":443" : ":80";
  return text;
}

Error Transfer::error_of(CURLcode code) const {
  if (is_too_large_) {
    return {ErrorKind::kTooLarge, "the answer of " + server() + " is larger than " +
                                      std::to_string(options_.response_body_bytes_max) + " bytes of body or " +
                                      std::to_string(options_.response_headers_bytes_max) + " bytes of headers"};
  }
  const std::string reason = reason_.front() != '\0' ? reason_.data() : curl_easy_strerror(code);
  if (code == CURLE_COULDNT_CONNECT) {
    long system_error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
    if (system_error == ECONNREFUSED) return {ErrorKind::kUnavailable, "nothing listens on " + server()};
    return {ErrorKind::kUnavailable, "cannot connect to " + server() + ": " + reason};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return {ErrorKind::kUnavailable, "no answer from " + server() + ": " + reason};
  if (is_broken_connection(code)) return {ErrorKind::kUnavailable, server() + " broke the connection: " + reason};
  if (is_certificate_fault(code)) return {ErrorKind::kForbidden, "the certificate of " + server() + ": " + reason};
  if (code == CURLE_URL_MALFORMAT) return invalid("the URL is not valid");
  return {ErrorKind::kIo, server() + ": " + reason};
}

}  // namespace fanfare::fetch
