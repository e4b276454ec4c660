// CurlTransfer: one request with libcurl, and what came of it.
//
// Thread: one at a time.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "fanfare/transport.h"
#include "sdk/curl_transport.h"

namespace fanfare::sdk {

// libcurl's own start, once for the process.
void prepare_curl();

class CurlTransfer {
 public:
  CurlTransfer(HttpRequest request, const CurlOptions& options);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  // To be called once, before the handle is used. Fails: kInvalid for a request that cannot be sent.
  Status prepare(std::chrono::milliseconds timeout);
  CURL* handle() const noexcept { return easy_.get(); }
  // The answer, or what the code means.
  Result<HttpResponse> finish(CURLcode code);

 private:
  struct FreeEasy {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self) noexcept;
  static std::size_t on_send(char* to, std::size_t size, std::size_t count, void* self) noexcept;

  Status add_headers();
  void append_header(const std::string& line);
  void set_connection(std::chrono::milliseconds timeout);
  void set_body();
  bool take_body(std::string_view bytes);
  bool take_header(std::string_view line);
  Error error_of(CURLcode code) const;
  bool was_sent() const;
  std::string server() const;

  const HttpRequest request_;
  const CurlOptions& options_;
  HttpResponse response_;
  std::size_t header_bytes_ = 0;
  std::size_t body_sent_ = 0;
  bool is_too_large_ = false;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::array<char, CURL_ERROR_SIZE> reason_{};
};

}  // namespace fanfare::sdk
