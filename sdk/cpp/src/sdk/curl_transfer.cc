#include "sdk/curl_transfer.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <mutex>
#include <new>

#include "base/assert.h"
#include "base/bytes.h"
#include "sdk/conversion.h"

namespace fanfare::sdk {
namespace {

constexpr std::size_t kHeaderBytesMax = 64 * kKiB;

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  // Only the URL, the proxy and the authorities come from outside; libcurl copies them and looks at them later.
  FANFARE_ASSERT((curl_easy_setopt)(easy, option, value) == CURLE_OK);
}

bool has_line_break(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
  return text;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  return lower;
}

}  // namespace

void prepare_curl() {
  static std::once_flag once;
  std::call_once(once, [] { FANFARE_ASSERT(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

CurlTransfer::CurlTransfer(HttpRequest request, const CurlOptions& options)
    : request_(std::move(request)), options_(options), easy_(curl_easy_init()) {
  if (easy_ == nullptr) throw std::bad_alloc();
}

Status CurlTransfer::prepare(std::chrono::milliseconds timeout) {
  if (!request_.url.starts_with("http://") && !request_.url.starts_with("https://")) {
    return refused("the URL must begin with http:// or https://");
  }
  if (has_line_break(request_.url)) return refused("the URL holds a line break");
  if (Status added = add_headers(); !added.ok()) return added;
  CURL* easy = easy_.get();
  set(easy, CURLOPT_URL, request_.url.c_str());
  set_connection(timeout);
  set_body();
  set(easy, CURLOPT_HTTPHEADER, headers_.get());
  set(easy, CURLOPT_WRITEFUNCTION, &CurlTransfer::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_HEADERFUNCTION, &CurlTransfer::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, reason_.data());
  return {};
}

Status CurlTransfer::add_headers() {
  for (const auto& [name, value] : request_.headers) {
    if (name.empty() || name.find_first_of(": \r\n") != std::string::npos || value.empty() || has_line_break(value)) {
      return refused("a header's name or value cannot be sent");
    }
    append_header(std::string(name).append(": ").append(value));
  }
  append_header("Expect:");  // servers that do not know it would cost a second of waiting
  return {};
}

void CurlTransfer::append_header(const std::string& line) {
  curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)headers_.release();  // the same list, which append() gives back
  headers_.reset(longer);
}

void CurlTransfer::set_connection(std::chrono::milliseconds timeout) {
  CURL* easy = easy_.get();
  const auto milliseconds = [](std::chrono::milliseconds time) { return std::max<long>(1, time.count()); };
  set(easy, CURLOPT_NOSIGNAL, 1L);  // threads and SIGALRM do not go together
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_PATH_AS_IS, 1L);                 // the path is signed as it stands
  set(easy, CURLOPT_PROXY, options_.proxy.c_str());  // empty: none, not even the environment's
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!options_.ca_file.empty()) set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  set(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options_.connect_timeout));
  set(easy, CURLOPT_TIMEOUT_MS, milliseconds(timeout));
}

void CurlTransfer::set_body() {
  CURL* easy = easy_.get();
  if (request_.method != "POST") {
    set(easy, CURLOPT_HTTPGET, 1L);
    set(easy, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
    return;
  }
  set(easy, CURLOPT_POST, 1L);
  set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  // When a kept connection breaks, libcurl sends the request again by itself, although the first may have arrived.
  // A body that is read and cannot be rewound prevents it: whether an event may be published twice is ours to decide.
  set(easy, CURLOPT_READFUNCTION, &CurlTransfer::on_send);
  set(easy, CURLOPT_READDATA, static_cast<void*>(this));
  if (request_.body.empty()) set(easy, CURLOPT_FRESH_CONNECT, 1L);  // there is nothing that could fail to rewind
}

std::size_t CurlTransfer::on_send(char* to, std::size_t size, std::size_t count, void* self) noexcept {
  auto* transfer = static_cast<CurlTransfer*>(self);
  const std::string& body = transfer->request_.body;
  const std::size_t length = std::min(size * count, body.size() - transfer->body_sent_);
  std::copy_n(body.data() + transfer->body_sent_, length, to);
  transfer->body_sent_ += length;
  return length;
}

std::size_t CurlTransfer::on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  const std::string_view bytes(data, size * count);
  return static_cast<CurlTransfer*>(self)->take_body(bytes) ? bytes.size() : 0;
}

std::size_t CurlTransfer::on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept {
  const std::string_view line(data, size * count);
  return static_cast<CurlTransfer*>(self)->take_header(line) ? line.size() : 0;
}

bool CurlTransfer::take_body(std::string_view bytes) {
  is_too_large_ = bytes.size() > options_.answer_bytes_max - response_.body.size();
  if (!is_too_large_) response_.body += bytes;
  return !is_too_large_;
}

bool CurlTransfer::take_header(std::string_view line) {
  is_too_large_ = line.size() > kHeaderBytesMax - header_bytes_;
  if (is_too_large_) return false;
  header_bytes_ += line.size();
  if (line.starts_with("HTTP/")) {  // a status line: what came before was an interim answer (100, 103)
    response_.headers.clear();
    return true;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  response_.headers.emplace_back(lower_case(trim(line.substr(0, colon))), std::string(trim(line.substr(colon + 1))));
  return true;
}

Result<HttpResponse> CurlTransfer::finish(CURLcode code) {
  if (code != CURLE_OK) return error_of(code);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

// Whether a byte of the request may have left. Source: libcurl counts those of its head as they are written.
bool CurlTransfer::was_sent() const {
  long bytes = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_REQUEST_SIZE, &bytes);
  return bytes > 0 || body_sent_ > 0;
}

// host:port, without the path and query, which hold the signature.
std::string CurlTransfer::server() const {
  std::string_view rest(request_.url);
  rest.remove_prefix(rest.find("//") + 2);
  return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

Error CurlTransfer::error_of(CURLcode code) const {
  const std::string reason = reason_.front() != '\0' ? reason_.data() : curl_easy_strerror(code);
  const bool sent = was_sent();
  const auto error = [sent](ErrorKind kind, std::string message) {
    return Error{.kind = kind, .message = std::move(message), .outcome_unknown = sent};
  };
  if (is_too_large_) {
    return error(ErrorKind::kTooLarge, "the answer of " + server() + " is larger than " +
                                           std::to_string(options_.answer_bytes_max) + " bytes");
  }
  if (code == CURLE_URL_MALFORMAT) return refused("the URL cannot be read: check host and port");
  if (code == CURLE_OPERATION_TIMEDOUT) return error(ErrorKind::kTimeout, "no answer from " + server() + ": " + reason);
  if (code == CURLE_COULDNT_CONNECT) {
    long system_error = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
    if (system_error == ECONNREFUSED) return error(ErrorKind::kUnavailable, "nothing listens on " + server());
  }
  return error(ErrorKind::kUnavailable, "no answer from " + server() + ": " + reason);
}

}  // namespace fanfare::sdk
